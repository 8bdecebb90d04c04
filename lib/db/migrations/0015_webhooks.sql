CREATE TABLE "copy_events" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"copy_id" text NOT NULL,
	"event" text NOT NULL,
	"facts" jsonb NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "copy_events_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"token" text NOT NULL,
	"account" text NOT NULL,
	"delegate" text NOT NULL,
	CONSTRAINT "delegations_token_account_pk" PRIMARY KEY("token","account")
);
--> statement-breakpoint
CREATE TABLE "minters" (
	"address" text PRIMARY KEY NOT NULL,
	"listed" boolean NOT NULL,
	"barred" boolean NOT NULL,
	"bond" numeric(78, 0) NOT NULL,
	"penalties" numeric(78, 0) NOT NULL,
	"joined_at" bigint,
	"leaves_at" bigint
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"token" text NOT NULL,
	"account" text NOT NULL,
	"votes" numeric(78, 0) NOT NULL,
	CONSTRAINT "votes_token_account_pk" PRIMARY KEY("token","account")
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"webhook" text NOT NULL,
	"message" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" integer,
	"ms" integer NOT NULL,
	"answer" text,
	"failure" jsonb
);
--> statement-breakpoint
CREATE TABLE "webhook_messages" (
	"webhook" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"payload" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"arrived_at" timestamp with time zone,
	CONSTRAINT "webhook_messages_webhook_id_pk" PRIMARY KEY("webhook","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_places" (
	"deployment" text PRIMARY KEY NOT NULL,
	"block" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"url" text NOT NULL,
	"topics" text[] NOT NULL,
	"secret" text NOT NULL,
	"former_secret" text,
	"former_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rests_until" timestamp with time zone DEFAULT now() NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"disabled" text,
	"disabled_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_webhook_message_webhook_messages_webhook_id_fk" FOREIGN KEY ("webhook","message") REFERENCES "public"."webhook_messages"("webhook","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_messages" ADD CONSTRAINT "webhook_messages_webhook_webhooks_id_fk" FOREIGN KEY ("webhook") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "copy_events_newest" ON "copy_events" USING btree ("copy_id","block","log_index");--> statement-breakpoint
CREATE INDEX "votes_account_index" ON "votes" USING btree ("account");--> statement-breakpoint
CREATE INDEX "votes_most" ON "votes" USING btree ("token","votes");--> statement-breakpoint
CREATE INDEX "webhook_attempts_webhook_message_index" ON "webhook_attempts" USING btree ("webhook","message");--> statement-breakpoint
CREATE INDEX "webhook_messages_due" ON "webhook_messages" USING btree ("webhook","due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "webhook_messages_newest" ON "webhook_messages" USING btree ("webhook","created_at","id");--> statement-breakpoint
CREATE INDEX "webhooks_account_index" ON "webhooks" USING btree ("account");--> statement-breakpoint
CREATE INDEX "deployments_open" ON "deployments" USING btree ("copy_id","number") WHERE open;--> statement-breakpoint
CREATE INDEX "logs_newest" ON "logs" USING btree ("address","block","log_index");--> statement-breakpoint
TRUNCATE "blocks", "logs", "models", "versions", "named_minters", "edges", "ancestors", "entered_ancestors", "origin_bonds", "copies", "holders", "ledger", "claims", "user_balances", "reservations", "settlements", "host_payments", "clones", "undo", "deployments", "operators", "fee_accounts", "reports", "provers", "cases", "copy_events", "minters", "votes", "delegations" CASCADE;--> statement-breakpoint
DELETE FROM "meta" WHERE "key" = 'deployment';
