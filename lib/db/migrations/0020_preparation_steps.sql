CREATE TABLE "preparation_steps" (
	"model_id" text NOT NULL,
	"manifest_root" text NOT NULL,
	"name" text NOT NULL,
	"maker" uuid,
	"blob" text,
	"size" bigint,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "preparation_steps_model_id_manifest_root_name_pk" PRIMARY KEY("model_id","manifest_root","name")
);
