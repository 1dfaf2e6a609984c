-- How alike two accounts are, attribute by attribute: the level that holds, the highest for equal
-- values, 0 for different ones, -1 where one of them is missing (`identity_comparisons`).
with candidates as (

    select * from {{ ref('int_identity_candidate_pairs') }}

),

{{ compared_accounts('candidates') }}

select
    account_id,
    other_account_id,
    {%- for comparison in identity_comparisons() %}
    {{ comparison }}_level,
    {{ comparison }}_share_l,
    {%- endfor %}
    contradiction,
    names_alone
from compared
