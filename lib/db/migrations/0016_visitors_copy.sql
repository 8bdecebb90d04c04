ALTER TABLE "preparations" ADD COLUMN "visitors_copy" jsonb;--> statement-breakpoint
CREATE INDEX "deployments_open" ON "deployments" USING btree ("copy_id","number") WHERE open;