CREATE TABLE "named_minters" (
	"model_id" text NOT NULL,
	"minter" text NOT NULL,
	CONSTRAINT "named_minters_model_id_minter_pk" PRIMARY KEY("model_id","minter")
);
--> statement-breakpoint
CREATE TABLE "preparing" (
	"model_id" text NOT NULL,
	"manifest_root" text NOT NULL,
	"done" numeric DEFAULT 0 NOT NULL,
	"heard_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "preparing_model_id_manifest_root_pk" PRIMARY KEY("model_id","manifest_root")
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"terms_hash" text NOT NULL,
	"buyer" text NOT NULL,
	"buyer_seed_hash" text NOT NULL,
	"signed" jsonb,
	"failure" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "leak_bond" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "leak_tail" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "mint_fee" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "penalty" numeric(78, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "evidence" text;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "redelivered" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "answer_deadline" bigint;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "responses_root" text;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "ciphertext_hash" text;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "sealed_key" text;--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "url" text;--> statement-breakpoint
ALTER TABLE "mints" ADD COLUMN "responses_root" text;--> statement-breakpoint
ALTER TABLE "mints" ADD COLUMN "ciphertext_hash" text;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "leak_bps" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "floor_leak_bps" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "versions" ADD COLUMN "key_pool_root" text;