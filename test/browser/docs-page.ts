import type { Browser, Page } from 'playwright-core';

type Flow = { readonly fields: Readonly<Record<string, string>>; readonly title: string };

/** By a client's id and secret. */
export const asClient = (id: string, secret: string): Flow => ({
  title: 'oauth2 (OAuth2, clientCredentials)',
  fields: { client_id_clientCredentials: id, client_secret_clientCredentials: secret },
});

/** By a username and password, without any client. */
export const asUser = (name: string, password: string): Flow => ({
  title: 'oauth2 (OAuth2, password)',
  fields: { oauth_username: name, oauth_password: password },
});

export type DocsPage = {
  /** Logs in by the Authorize dialog; answers what the dialog says then. */
  authorize(flow: Flow): Promise<string>;
  /** Executes an operation as the page proposes it; answers the status that the page shows. */
  execute(operationId: string): Promise<string>;
  close(): Promise<void>;
};

/** A service's page at `/docs`, in a browser that knows nothing of earlier visits. */
export async function openDocsPage(browser: Browser, serviceUrl: string): Promise<DocsPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${serviceUrl}/docs`);
  return {
    authorize: (flow) => authorize(page, flow),
    execute: (operationId) => execute(page, operationId),
    close: () => context.close(),
  };
}

async function authorize(page: Page, { title, fields }: Flow): Promise<string> {
  await page.locator('.schemes .authorize').click();
  const form = page.locator('.auth-container', { has: page.getByRole('heading', { name: title }) });
  for (const [id, text] of Object.entries(fields)) await form.locator(`#${id}`).fill(text);
  await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
  const outcome = form
    .locator('h6, .errors')
    .filter({ hasText: /Authorized|Error/ })
    .first();
  const said = (await outcome.textContent()) ?? '';
  await page.locator('.close-modal').click();
  return said;
}

async function execute(page: Page, operationId: string): Promise<string> {
  const operation = page.locator(`[id$="-${operationId}"]`);
  if ((await operation.locator('.execute').count()) === 0) await operation.locator('.opblock-summary-control').click();
  const clear = operation.locator('.btn-clear');
  if ((await clear.count()) > 0) await clear.click();
  await operation.locator('.execute').click();
  const status = operation.locator('.live-responses-table .response .response-col_status');
  return ((await status.textContent()) ?? '').trim().slice(0, 3);
}
