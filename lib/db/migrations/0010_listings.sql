CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "listings" (
	"model_id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"summary" text NOT NULL,
	"task" text,
	"licence" text,
	"tags" text[] NOT NULL,
	"family" text NOT NULL,
	"parameters" double precision NOT NULL,
	"size_bytes" bigint NOT NULL,
	"search" "tsvector" NOT NULL
);
--> statement-breakpoint
DROP INDEX "ancestors_ancestor_index";--> statement-breakpoint
DROP INDEX "copies_buyer_index";--> statement-breakpoint
DROP INDEX "copies_model_id_index";--> statement-breakpoint
DROP INDEX "ledger_model_id_index";--> statement-breakpoint
ALTER TABLE "listings" ADD CONSTRAINT "listings_model_id_version_versions_model_id_version_fk" FOREIGN KEY ("model_id","version") REFERENCES "public"."versions"("model_id","version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "listings_search" ON "listings" USING gin ("search");--> statement-breakpoint
CREATE INDEX "listings_name_trigrams" ON "listings" USING gin (lower("name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "listings_name" ON "listings" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "listings_family_index" ON "listings" USING btree ("family");--> statement-breakpoint
CREATE INDEX "listings_licence_index" ON "listings" USING btree ("licence");--> statement-breakpoint
CREATE INDEX "listings_task_index" ON "listings" USING btree ("task");--> statement-breakpoint
CREATE INDEX "listings_size" ON "listings" USING btree ("size_bytes","model_id");--> statement-breakpoint
CREATE INDEX "ancestors_ancestor_model_id_index" ON "ancestors" USING btree ("ancestor","model_id");--> statement-breakpoint
CREATE INDEX "copies_of_buyer" ON "copies" USING btree ("buyer","ordered_at","id");--> statement-breakpoint
CREATE INDEX "copies_of_model" ON "copies" USING btree ("model_id","ordered_at","id");--> statement-breakpoint
CREATE INDEX "copies_newest" ON "copies" USING btree ("ordered_at","id");--> statement-breakpoint
CREATE INDEX "copies_open" ON "copies" USING btree ("minter") WHERE state = 'ordered';--> statement-breakpoint
CREATE INDEX "holders_largest" ON "holders" USING btree ("token","shares");--> statement-breakpoint
CREATE INDEX "ledger_newest" ON "ledger" USING btree ("model_id","block","log_index");--> statement-breakpoint
CREATE INDEX "ledger_royalties" ON "ledger" USING btree ("model_id","descendant") WHERE kind = 'royalty';--> statement-breakpoint
CREATE INDEX "models_trending" ON "models" USING btree ("trend","id") WHERE not retired;--> statement-breakpoint
CREATE INDEX "models_new" ON "models" USING btree ("registered_at","id") WHERE not retired;--> statement-breakpoint
CREATE INDEX "models_earned" ON "models" USING btree ("earned","id") WHERE not retired;--> statement-breakpoint
CREATE INDEX "models_price" ON "models" USING btree ("price","id") WHERE not retired;--> statement-breakpoint
CREATE INDEX "models_majority_index" ON "models" USING btree ("majority");--> statement-breakpoint
CREATE INDEX "versions_unread" ON "versions" USING btree ("model_id") WHERE metadata is null;