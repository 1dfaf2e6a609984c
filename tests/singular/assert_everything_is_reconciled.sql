-- What: landed = accepted + quarantined + superseded + duplicate, and accepted = in marts +
-- unattributed, in rows and to the cent, for every source, entity and day.
-- Why: nothing may be lost, doubled or made up on the way.
-- Returns the days on which that is not so.
select *
from {{ ref('reconciliation') }}
where not is_reconciled
