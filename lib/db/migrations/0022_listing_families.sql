ALTER TABLE "listings" ADD COLUMN "parents" text[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "lineage" jsonb NOT NULL DEFAULT '[]';--> statement-breakpoint
UPDATE "listings" SET
	"parents" = array(SELECT "parent" FROM "edges" WHERE "child" = "listings"."model_id" ORDER BY "position"),
	"lineage" = (
		SELECT coalesce(jsonb_agg(jsonb_build_object('id', "ancestor", 'royaltyBps', "royalty_bps") ORDER BY "position"), '[]')
		FROM "ancestors" WHERE "ancestors"."model_id" = "listings"."model_id"
	)
WHERE EXISTS (SELECT FROM "edges" WHERE "child" = "listings"."model_id");--> statement-breakpoint
ALTER TABLE "listings" ALTER COLUMN "parents" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "listings" ALTER COLUMN "lineage" DROP DEFAULT;
