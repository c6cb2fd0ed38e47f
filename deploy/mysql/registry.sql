-- The registry's own database, made once, when the volume is empty.
CREATE DATABASE registry CHARACTER SET utf8mb4;
GRANT ALL ON registry.* TO 'millrace'@'%';
