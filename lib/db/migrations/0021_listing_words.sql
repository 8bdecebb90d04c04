CREATE TABLE "listing_words" (
	"word" text collate "C" PRIMARY KEY NOT NULL,
	"models" integer NOT NULL
);

--> statement-breakpoint
INSERT INTO "listing_words" SELECT "word", count(*) FROM "listings", unnest(tsvector_to_array("search")) AS "word" GROUP BY 1;--> statement-breakpoint
CREATE FUNCTION "count_listing_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'TRUNCATE' THEN
		DELETE FROM listing_words;
	ELSIF tg_op = 'INSERT' THEN
		INSERT INTO listing_words AS w
			SELECT word, count(*) FROM come, unnest(tsvector_to_array(search)) AS word GROUP BY 1 ORDER BY 1
			ON CONFLICT (word) DO UPDATE SET models = w.models + excluded.models;
	ELSIF tg_op = 'UPDATE' THEN
		INSERT INTO listing_words AS w
			SELECT word, sum(n) FROM (
				SELECT unnest(tsvector_to_array(search)) AS word, 1 AS n FROM come
				UNION ALL SELECT unnest(tsvector_to_array(search)), -1 FROM gone
			) AS changes GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1
			ON CONFLICT (word) DO UPDATE SET models = w.models + excluded.models;
	ELSE
		INSERT INTO listing_words AS w
			SELECT word, -count(*) FROM gone, unnest(tsvector_to_array(search)) AS word GROUP BY 1 ORDER BY 1
			ON CONFLICT (word) DO UPDATE SET models = w.models + excluded.models;
	END IF;
	IF tg_op IN ('UPDATE', 'DELETE') THEN
		DELETE FROM listing_words WHERE models <= 0 AND word IN (SELECT unnest(tsvector_to_array(search)) FROM gone);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "listing_words_come" AFTER INSERT ON "listings" REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION "count_listing_words"();--> statement-breakpoint
CREATE TRIGGER "listing_words_change" AFTER UPDATE ON "listings" REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION "count_listing_words"();--> statement-breakpoint
CREATE TRIGGER "listing_words_go" AFTER DELETE ON "listings" REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION "count_listing_words"();--> statement-breakpoint
CREATE TRIGGER "listing_words_truncate" AFTER TRUNCATE ON "listings" FOR EACH STATEMENT EXECUTE FUNCTION "count_listing_words"();
