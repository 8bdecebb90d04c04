CREATE TABLE "listenings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"model_id" text NOT NULL,
	"manifest_root" text NOT NULL,
	"account" text NOT NULL,
	"blob" text NOT NULL,
	"texts" integer NOT NULL,
	"done" numeric DEFAULT 0 NOT NULL,
	"claim" uuid,
	"heard_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"heard" jsonb,
	"failure" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "listenings_waiting" ON "listenings" USING btree ("created_at") WHERE heard is null and failure is null;