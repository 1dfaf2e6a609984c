-- What: for every file that landed, physical lines = header + blank + accepted + quarantined.
-- Why: lenient CSV readers lose most of a file behind one open quote, without an error.
-- Returns the files for which the equation does not hold.
select *
from {{ ref('stg_landing__deliveries') }}
where status = 'landed'
    and lines_physical <> lines_header + lines_blank + lines_accepted + lines_quarantined
