CREATE TABLE "host_checks" (
	"copy_id" text NOT NULL,
	"number" integer NOT NULL,
	"at" bigint NOT NULL,
	"problem" text,
	"precision" text,
	"first_ms" double precision,
	"tokens_per_second" double precision,
	"tokens" integer,
	CONSTRAINT "host_checks_copy_id_number_at_pk" PRIMARY KEY("copy_id","number","at")
);
--> statement-breakpoint
CREATE TABLE "prober_accounts" (
	"copy_id" text PRIMARY KEY NOT NULL,
	"account" jsonb NOT NULL
);
