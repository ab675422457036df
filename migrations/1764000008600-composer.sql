-- The lock of a release that came without one: made at its first build, so that every later build is the same.
ALTER TABLE release ADD COLUMN composer_lock text;
