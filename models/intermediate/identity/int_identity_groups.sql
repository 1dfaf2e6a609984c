-- Groups of linked accounts by what their accounts have in common, before any link is cut.
select
    components.component,
    count(*) as account_count,
    count(distinct features.national_id) as national_id_count,
    count(distinct features.union_id) as union_id_count,
    count(distinct features.birth_date) as birth_date_count,
    count(distinct features.given_name) as given_name_count,
    count(distinct features.given_hanzi) as given_hanzi_count
from {{ ref('int_identity_components') }} as components
inner join {{ ref('int_account_features') }} as features on components.node = features.account_id
group by components.component
