export type Song = { readonly artist: string; readonly name: string; readonly seconds: number };

const song = (artist: string, name: string, minutes: number, seconds: number): Song => ({
  artist,
  name,
  seconds: 60 * minutes + seconds,
});

/** What people run to, the favourites first. */
export const songCatalogue: readonly [Song, ...Song[]] = [
  song('Survivor', 'Eye of the Tiger', 4, 5),
  song('Queen', "Don't Stop Me Now", 3, 29),
  song('Dua Lipa', 'Levitating', 3, 23),
  song('The Weeknd', 'Blinding Lights', 3, 20),
  song('Daft Punk', 'Harder, Better, Faster, Stronger', 3, 44),
  song('Eminem', 'Lose Yourself', 5, 26),
  song('Florence + The Machine', 'Dog Days Are Over', 4, 12),
  song('Beyoncé', 'Crazy in Love', 3, 56),
  song('Arcade Fire', 'No Cars Go', 5, 43),
  song('Fleetwood Mac', 'The Chain', 4, 30),
  song('Nina Simone', 'Feeling Good', 2, 57),
  song('Björk', 'Army of Me', 3, 54),
  song('LCD Soundsystem', 'All My Friends', 7, 37),
  song('Kate Bush', 'Running Up That Hill', 5, 0),
  song('Stevie Wonder', 'Superstition', 4, 26),
  song('Bruce Springsteen', 'Born to Run', 4, 30),
  song('Blondie', 'Call Me', 3, 32),
  song('Robyn', 'Dancing On My Own', 4, 46),
  song('M83', 'Midnight City', 4, 3),
  song('Talking Heads', 'Road to Nowhere', 4, 19),
  song('Rosalía', 'Malamente', 2, 30),
  song('Stromae', 'Alors on danse', 3, 26),
  song('Fela Kuti', 'Zombie', 12, 26),
  song('Cesária Évora', 'Sodade', 4, 54),
  song('Sigur Rós', 'Hoppípolla', 4, 28),
  song('Massive Attack', 'Teardrop', 5, 29),
  song('Underworld', 'Born Slippy (Nuxx)', 9, 44),
  song('Kraftwerk', 'Tour de France', 5, 10),
  song('Hot Chip', 'Ready for the Floor', 3, 52),
  song('Caribou', "Can't Do Without You", 3, 56),
];
