-- Held submissions with a figure in a series of these submissions are to be looked at again.
-- $1 uuid[] submission_id
update held set again = true
where submission_id in (select submission_id
                        from held_series
                        where series_key in (select series_key from observation where submission_id = any ($1::uuid[])));
