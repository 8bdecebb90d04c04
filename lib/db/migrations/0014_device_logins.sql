CREATE TABLE "device_logins" (
	"id" text PRIMARY KEY NOT NULL,
	"user_code" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"account" text,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "device_logins_user_code_unique" UNIQUE("user_code")
);
