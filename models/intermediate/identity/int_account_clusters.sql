-- Which accounts are one customer by the links between them.
select
    nodes.account_id,
    components.component,
    coalesce(clusters.cluster, components.component, nodes.node) as cluster,
    nodes.known_by,
    nodes.has_record or components.component is not null as is_known
from {{ ref('int_account_nodes') }} as nodes
left join {{ ref('int_identity_components') }} as components on nodes.node = components.node
left join {{ ref('int_identity_clusters') }} as clusters on nodes.node = clusters.account_id
