with latest as (
    select * from marts.recommendation_evaluation
    where cutoff_on = (select max(cutoff_on) from marts.recommendation_evaluation)
)

select
    scene,
    method,
    max(value) filter (where metric = 'recall') as recall_share,
    max(value) filter (where metric = 'hit_rate') as hit_share,
    max(value) filter (where metric = 'recall_of_repeats') as repeat_share,
    max(value) filter (where metric = 'recall_of_new') as first_time_share,
    max(value) filter (where metric = 'coverage') as shown_share,
    max(customer_count)::bigint as customers
from latest
group by scene, method
order by scene <> 'home', scene, method <> 'recommended', method
