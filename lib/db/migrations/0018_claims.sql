ALTER TABLE "preparation_shares" ADD COLUMN "claim" uuid;--> statement-breakpoint
ALTER TABLE "preparing" ADD COLUMN "claim" uuid DEFAULT gen_random_uuid() NOT NULL;