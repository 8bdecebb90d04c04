CREATE TABLE "preparation_shares" (
	"model_id" text NOT NULL,
	"manifest_root" text NOT NULL,
	"of" integer NOT NULL,
	"part" integer NOT NULL,
	"done" numeric DEFAULT 0 NOT NULL,
	"heard_at" timestamp with time zone,
	CONSTRAINT "preparation_shares_model_id_manifest_root_of_part_pk" PRIMARY KEY("model_id","manifest_root","of","part")
);
