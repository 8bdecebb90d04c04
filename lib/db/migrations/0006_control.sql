ALTER TABLE "models" ADD COLUMN "majority" text;--> statement-breakpoint
ALTER TABLE "models" DROP COLUMN "owner";