-- The SQL gives the edges; the materialization finds the components (macros/materializations).
select
    account_id as left_node,
    other_account_id as right_node
from {{ ref('int_identity_links') }}
