ALTER TABLE "mints" ADD COLUMN "manifest_root" text;--> statement-breakpoint
ALTER TABLE "mints" ADD COLUMN "buyer_seed_hash" text;--> statement-breakpoint
UPDATE "mints" SET "manifest_root" = split_part("key", ':', 2), "buyer_seed_hash" = split_part("key", ':', 3);--> statement-breakpoint
ALTER TABLE "mints" ALTER COLUMN "manifest_root" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mints" ALTER COLUMN "buyer_seed_hash" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mints" DROP COLUMN "key";--> statement-breakpoint
ALTER TABLE "mints" ADD CONSTRAINT "mints_copy_id_manifest_root_buyer_seed_hash_pk" PRIMARY KEY("copy_id","manifest_root","buyer_seed_hash");--> statement-breakpoint
ALTER TABLE "mints" ALTER COLUMN "failure" SET DATA TYPE jsonb USING CASE WHEN "failure" IS NOT NULL THEN jsonb_build_object('code', 'minting.unexpected', 'facts', jsonb_build_object('reason', "failure")) END;--> statement-breakpoint
UPDATE "mints" SET "report" = NULL WHERE NOT jsonb_exists("report", 'signature');--> statement-breakpoint
ALTER TABLE "preparations" ADD COLUMN "model_id" text;--> statement-breakpoint
ALTER TABLE "preparations" ADD COLUMN "manifest_root" text;--> statement-breakpoint
UPDATE "preparations" SET "model_id" = split_part("key", ':', 1), "manifest_root" = split_part("key", ':', 2);--> statement-breakpoint
ALTER TABLE "preparations" ALTER COLUMN "model_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "preparations" ALTER COLUMN "manifest_root" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "preparations" DROP COLUMN "key";--> statement-breakpoint
ALTER TABLE "preparations" ADD CONSTRAINT "preparations_model_id_manifest_root_pk" PRIMARY KEY("model_id","manifest_root");
