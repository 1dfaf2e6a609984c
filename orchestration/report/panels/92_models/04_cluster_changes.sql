-- The same customers by the groups before and those in use: what changes is the fit, and not what they did.
select
    cluster_before,
    cluster_before_name_en as group_before_en,
    cluster_before_name_zh as group_before_zh,
    cluster,
    cluster_name_en as group_en,
    cluster_name_zh as group_zh,
    count(*) as customers,
    count(*) / sum(count(*)) over (partition by cluster_before) as before_share
from marts.customer_clusters
where cluster_before is not null
    and cluster is not null
group by cluster_before, cluster_before_name_en, cluster_before_name_zh, cluster, cluster_name_en, cluster_name_zh
order by cluster_before, customers desc, cluster
