-- What: groups of customers, with those who are like nobody, are together all who have habits, and all that they spent; those who
-- have none, or are not grouped yet, are the others.
-- Why: a share of a group is of the right whole only then.
-- Returns what does not add up, and by how much.
with groups as (

    select
        coalesce(sum(customer_count), 0) as customers,
        coalesce(sum(net_amount), 0) as amount
    from {{ ref('cluster_profiles') }}
    where trait = 'frequency'
        and trait_kind = 'habit'

),

habits as (

    select
        count(*) filter (where clusters.cluster is not null) as grouped_customers,
        coalesce(sum(habits.net_amount) filter (where clusters.cluster is not null), 0) as grouped_amount,
        count(*) filter (where clusters.cluster_status = 'too_few') as customers_without_any
    from {{ ref('int_cluster_features') }} as habits
    left join {{ ref('customer_clusters') }} as clusters on habits.customer_id = clusters.customer_id

),

everybody as (

    select
        (select count(*) from {{ ref('customers') }}) as customers,
        (select count(*) from {{ ref('customer_clusters') }}) as told_customers

),

differences as (

    select 'customers of groups' as what, groups.customers - habits.grouped_customers as difference
    from groups
    cross join habits
    union all
    select 'money of groups', groups.amount - habits.grouped_amount
    from groups
    cross join habits
    union all
    select 'customers with habits and without a group', customers_without_any
    from habits
    union all
    select 'customers', told_customers - customers
    from everybody

)

select what, difference
from differences
where difference <> 0
