-- What names mean that the catalogue does not know.
-- Result: kind text (chip, model), name text, target text, variant text; in the order of names.
select kind, name, target, variant from alias order by name collate "C";
