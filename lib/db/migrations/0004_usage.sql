CREATE TABLE "host_payments" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"copy_id" text NOT NULL,
	"host" text NOT NULL,
	"units" numeric(78, 0) NOT NULL,
	"fees" numeric(78, 0) NOT NULL,
	"earned" numeric(78, 0) NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "host_payments_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"copy_id" text NOT NULL,
	"user" text NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	"settled_units" numeric(78, 0) DEFAULT 0 NOT NULL,
	"settled_amount" numeric(78, 0) DEFAULT 0 NOT NULL,
	"leaves_at" bigint,
	CONSTRAINT "reservations_copy_id_user_pk" PRIMARY KEY("copy_id","user")
);
--> statement-breakpoint
CREATE TABLE "settlements" (
	"block" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"copy_id" text NOT NULL,
	"user" text NOT NULL,
	"units" numeric(78, 0) NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	"at" bigint NOT NULL,
	"tx" text NOT NULL,
	CONSTRAINT "settlements_block_log_index_pk" PRIMARY KEY("block","log_index")
);
--> statement-breakpoint
CREATE TABLE "user_balances" (
	"account" text PRIMARY KEY NOT NULL,
	"balance" numeric(78, 0) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "copies" ADD COLUMN "lost" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "host_payments_host_index" ON "host_payments" USING btree ("host");--> statement-breakpoint
CREATE INDEX "reservations_user_index" ON "reservations" USING btree ("user");--> statement-breakpoint
CREATE INDEX "settlements_copy_id_index" ON "settlements" USING btree ("copy_id");--> statement-breakpoint
CREATE INDEX "settlements_user_index" ON "settlements" USING btree ("user");