CREATE TABLE "ancestors" (
	"model_id" text NOT NULL,
	"ancestor" text NOT NULL,
	"royalty_bps" integer NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "ancestors_model_id_ancestor_pk" PRIMARY KEY("model_id","ancestor")
);
--> statement-breakpoint
ALTER TABLE "ledger" DROP CONSTRAINT "ledger_block_log_index_pk";--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_block_log_index_model_id_pk" PRIMARY KEY("block","log_index","model_id");--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "descendant" text;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "floor_bps" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "floor_price" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "floor_collateral" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "floor_fee" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "allowed_licence" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
CREATE INDEX "ancestors_ancestor_index" ON "ancestors" USING btree ("ancestor");--> statement-breakpoint
ALTER TABLE "edges" DROP COLUMN "royalty_bps";--> statement-breakpoint
ALTER TABLE "ledger" DROP COLUMN "child";