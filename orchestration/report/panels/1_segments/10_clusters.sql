-- Each group with the three traits that lie farthest from those of all.
select
    cluster,
    cluster_name_en as group_en,
    cluster_name_zh as group_zh,
    any_value(customer_count) as customers,
    any_value(customer_share) as customer_share,
    any_value(net_amount)::double as amount,
    any_value(amount_share) as amount_share,
    string_agg(trait_name_en || if(deviations > 0, ' ↑', ' ↓'), ', ' order by trait_rank) filter (where trait_rank <= 3)
        as traits_en,
    string_agg(trait_name_zh || if(deviations > 0, ' ↑', ' ↓'), '、' order by trait_rank) filter (where trait_rank <= 3)
        as traits_zh
from marts.cluster_profiles
group by cluster, cluster_name_en, cluster_name_zh
order by cluster = 0, customers desc, cluster
