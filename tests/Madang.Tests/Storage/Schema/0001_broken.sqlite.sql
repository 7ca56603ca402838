-- A script with a mistake in its second statement, for SchemaScriptTests.
CREATE TABLE half_a_table (id BIGINT);
INSERT INTO no_such_table VALUES (1);
