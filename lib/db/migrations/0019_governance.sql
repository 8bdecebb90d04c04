CREATE TABLE "governors" (
	"governor" text PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal_votes" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"governor" text NOT NULL,
	"proposal" text NOT NULL,
	"voter" text NOT NULL,
	"support" text NOT NULL,
	"weight" numeric(78, 0) NOT NULL,
	"reason" text NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "proposal_votes_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"governor" text NOT NULL,
	"id" text NOT NULL,
	"model_id" text NOT NULL,
	"proposer" text NOT NULL,
	"targets" text[] NOT NULL,
	"calls" text[] NOT NULL,
	"description" text NOT NULL,
	"step" text NOT NULL,
	"vote_start" bigint NOT NULL,
	"vote_end" bigint NOT NULL,
	"executable_from" bigint,
	"votes_for" numeric(78, 0) DEFAULT 0 NOT NULL,
	"votes_against" numeric(78, 0) DEFAULT 0 NOT NULL,
	"votes_abstain" numeric(78, 0) DEFAULT 0 NOT NULL,
	"made_block" bigint NOT NULL,
	"made_log_index" integer NOT NULL,
	"made_at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "proposals_governor_id_pk" PRIMARY KEY("governor","id")
);
--> statement-breakpoint
CREATE INDEX "proposal_votes_newest" ON "proposal_votes" USING btree ("governor","proposal","block","log_index");--> statement-breakpoint
CREATE INDEX "proposals_newest" ON "proposals" USING btree ("model_id","made_block","made_log_index");--> statement-breakpoint
TRUNCATE "blocks", "logs", "models", "versions", "named_minters", "edges", "ancestors", "entered_ancestors", "origin_bonds", "copies", "holders", "ledger", "claims", "user_balances", "reservations", "settlements", "host_payments", "clones", "undo", "deployments", "operators", "fee_accounts", "reports", "provers", "cases", "copy_events", "minters", "votes", "delegations" CASCADE;--> statement-breakpoint
DELETE FROM "meta" WHERE "key" = 'deployment';
