-- depends_on: {{ ref('int_account_features') }}, {{ ref('int_identity_overrides') }}
-- The links of clusters to split, the strongest first; the materialization finds the parts that may stay
-- together (macros/materializations).
select
    links.account_id,
    links.other_account_id,
    links.match_weight,
    links.link_type = 'manual_decision' as is_forced,
    row_number() over (
        order by
            links.link_type = 'manual_decision' desc nulls last,
            links.match_weight desc nulls last,
            links.account_id nulls last,
            links.other_account_id nulls last
    ) as link_rank
from {{ ref('int_identity_links') }} as links
inner join {{ ref('int_identity_components') }} as components on links.account_id = components.node
inner join {{ ref('int_identity_clusters_to_split') }} as clusters_to_split on components.component = clusters_to_split.component
