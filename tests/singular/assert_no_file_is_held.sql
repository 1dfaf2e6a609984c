-- What: every file in the landing folder could be loaded.
-- Why: marts without a day's orders would call its customers silent.
-- Returns the files that are held; the reason says what to do.
select * from {{ ref('int_held_files') }}
