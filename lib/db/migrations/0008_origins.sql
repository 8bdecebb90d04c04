CREATE TABLE "entered_ancestors" (
	"model_id" text NOT NULL,
	"ancestor" text NOT NULL,
	"royalty_bps" integer NOT NULL,
	"position" integer NOT NULL,
	"entered_at" bigint NOT NULL,
	CONSTRAINT "entered_ancestors_model_id_ancestor_pk" PRIMARY KEY("model_id","ancestor")
);
--> statement-breakpoint
CREATE TABLE "origin_bonds" (
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"owner" text NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	"taken" numeric(78, 0) DEFAULT 0 NOT NULL,
	"until" bigint,
	CONSTRAINT "origin_bonds_model_id_version_pk" PRIMARY KEY("model_id","version")
);
--> statement-breakpoint
CREATE INDEX "entered_ancestors_ancestor_index" ON "entered_ancestors" USING btree ("ancestor");