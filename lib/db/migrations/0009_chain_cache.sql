CREATE TABLE "cases" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"opener" text NOT NULL,
	"opened_at" bigint NOT NULL,
	"verdict" text NOT NULL,
	"closed" boolean NOT NULL,
	"taken" numeric(78, 0) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clones" (
	"shares" text PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"copy_id" text NOT NULL,
	"number" integer NOT NULL,
	"operator" text NOT NULL,
	"price" numeric(78, 0) NOT NULL,
	"url" text NOT NULL,
	"open" boolean NOT NULL,
	"opened_at" bigint NOT NULL,
	CONSTRAINT "deployments_copy_id_number_pk" PRIMARY KEY("copy_id","number")
);
--> statement-breakpoint
CREATE TABLE "fee_accounts" (
	"copy_id" text PRIMARY KEY NOT NULL,
	"escrow" numeric(78, 0) NOT NULL,
	"owed" numeric(78, 0) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"copy_id" text NOT NULL,
	"operator" text NOT NULL,
	"from_epoch" bigint NOT NULL,
	"until_epoch" bigint,
	"cap" numeric(78, 0) NOT NULL,
	CONSTRAINT "operators_copy_id_operator_pk" PRIMARY KEY("copy_id","operator")
);
--> statement-breakpoint
CREATE TABLE "provers" (
	"address" text PRIMARY KEY NOT NULL,
	"listed" boolean NOT NULL,
	"admitted" boolean NOT NULL,
	"stake" numeric(78, 0) NOT NULL,
	"exit_at" bigint,
	"rewarded" numeric(78, 0) NOT NULL,
	"listed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"copy_id" text NOT NULL,
	"epoch" bigint NOT NULL,
	"receipts" numeric(78, 0) NOT NULL,
	"units" numeric(78, 0) NOT NULL,
	"receipts_root" text NOT NULL,
	"fee" numeric(78, 0) NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "reports_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "undo" (
	"block" bigint NOT NULL,
	"table" text NOT NULL,
	"key" jsonb NOT NULL,
	"before" jsonb,
	CONSTRAINT "undo_block_table_key_pk" PRIMARY KEY("block","table","key")
);
--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "trend" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "cases_kind_subject_index" ON "cases" USING btree ("kind","subject");--> statement-breakpoint
CREATE INDEX "deployments_operator_index" ON "deployments" USING btree ("operator");--> statement-breakpoint
CREATE INDEX "reports_copy_id_epoch_index" ON "reports" USING btree ("copy_id","epoch");--> statement-breakpoint
CREATE INDEX "logs_first_argument" ON "logs" USING btree ("address",("topics"[2]));--> statement-breakpoint
CREATE INDEX "logs_second_argument" ON "logs" USING btree ("address",("topics"[3]));--> statement-breakpoint
TRUNCATE "blocks", "logs", "models", "versions", "named_minters", "edges", "ancestors", "entered_ancestors", "origin_bonds", "copies", "holders", "ledger", "claims", "user_balances", "reservations", "settlements", "host_payments";--> statement-breakpoint
DELETE FROM "meta" WHERE "key" = 'deployment';
