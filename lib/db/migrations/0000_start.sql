CREATE TABLE "blob_owners" (
	"sha256" text NOT NULL,
	"owner" text NOT NULL,
	CONSTRAINT "blob_owners_sha256_owner_pk" PRIMARY KEY("sha256","owner")
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"number" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"model_id" text NOT NULL,
	"account" text NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	CONSTRAINT "claims_model_id_account_pk" PRIMARY KEY("model_id","account")
);
--> statement-breakpoint
CREATE TABLE "copies" (
	"id" text PRIMARY KEY NOT NULL,
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"buyer" text NOT NULL,
	"minter" text NOT NULL,
	"state" text NOT NULL,
	"price" numeric(78, 0) NOT NULL,
	"collateral" numeric(78, 0) NOT NULL,
	"buyer_seed_hash" text NOT NULL,
	"deliver_deadline" bigint NOT NULL,
	"accept_deadline" bigint,
	"thaw_ends_at" bigint,
	"artifact_root" text,
	"fingerprint_root" text,
	"ordered_at" bigint NOT NULL,
	"order_tx" text NOT NULL,
	"accept_tx" text
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"files" jsonb NOT NULL,
	"received" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"manifest_root" text NOT NULL,
	"metadata_uri" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edges" (
	"child" text NOT NULL,
	"parent" text NOT NULL,
	"relation" text NOT NULL,
	"royalty_bps" integer NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "edges_child_parent_pk" PRIMARY KEY("child","parent")
);
--> statement-breakpoint
CREATE TABLE "holders" (
	"token" text NOT NULL,
	"account" text NOT NULL,
	"shares" numeric(78, 0) NOT NULL,
	CONSTRAINT "holders_token_account_pk" PRIMARY KEY("token","account")
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"model_id" text NOT NULL,
	"kind" text NOT NULL,
	"copy_id" text,
	"child" text,
	"amount" numeric(78, 0) NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "ledger_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "logs" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	"address" text NOT NULL,
	"topics" text[] NOT NULL,
	"data" text NOT NULL,
	CONSTRAINT "logs_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mints" (
	"key" text PRIMARY KEY NOT NULL,
	"copy_id" text NOT NULL,
	"stage" text NOT NULL,
	"done" numeric DEFAULT 0 NOT NULL,
	"failure" text,
	"final" boolean DEFAULT false NOT NULL,
	"artifact_root" text,
	"fingerprint_root" text,
	"files" jsonb,
	"report" jsonb
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"creator" text NOT NULL,
	"owner" text NOT NULL,
	"shares" text NOT NULL,
	"retired" boolean DEFAULT false NOT NULL,
	"registered_at" bigint NOT NULL,
	"registered_tx" text NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"price" numeric(78, 0) DEFAULT 0 NOT NULL,
	"collateral" numeric(78, 0) DEFAULT 0 NOT NULL,
	"fee" numeric(78, 0) DEFAULT 0 NOT NULL,
	"royalty_bps" integer DEFAULT 0 NOT NULL,
	"licence" integer DEFAULT 0 NOT NULL,
	"terms_hash" text DEFAULT '0x' NOT NULL,
	"copies_sold" integer DEFAULT 0 NOT NULL,
	"earned" numeric(78, 0) DEFAULT 0 NOT NULL,
	"income" numeric(78, 0) DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "preparations" (
	"key" text PRIMARY KEY NOT NULL,
	"blob" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seeds" (
	"hash" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "versions" (
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"manifest_root" text NOT NULL,
	"uri" text NOT NULL,
	"publisher" text NOT NULL,
	"registered_at" bigint NOT NULL,
	"metadata" jsonb,
	CONSTRAINT "versions_model_id_version_pk" PRIMARY KEY("model_id","version")
);
--> statement-breakpoint
CREATE INDEX "copies_buyer_index" ON "copies" USING btree ("buyer");--> statement-breakpoint
CREATE INDEX "copies_model_id_index" ON "copies" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "drafts_owner_index" ON "drafts" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "edges_parent_index" ON "edges" USING btree ("parent");--> statement-breakpoint
CREATE INDEX "holders_account_index" ON "holders" USING btree ("account");--> statement-breakpoint
CREATE INDEX "ledger_model_id_index" ON "ledger" USING btree ("model_id");