-- People: a first password that must be changed, and an end that keeps the name for the audit.
ALTER TABLE app_user
  ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
  ADD COLUMN disabled_at timestamptz,
  ADD COLUMN last_login_at timestamptz;
