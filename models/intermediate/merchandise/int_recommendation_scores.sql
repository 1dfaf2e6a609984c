-- What each customer is likely to buy next: the share of their own baskets that has it, what is bought of late, and what those like
-- them buy, added up by weights. Candidates are the customer's first products and the first of the cluster, never the catalogue: of
-- the latter all that the customer has, and of the others only as many as can come to be shown.
{%- set listed = whole_number('recommendation_candidates', 1) %}

with weights as (

    select max(value) as own_weight
    from {{ ref('int_current_parameters') }}
    where model = 'recommendations'
        and parameter = 'own_weight'

),

listed as (

    select *
    from {{ ref('int_cluster_products') }}
    where product_rank <= {{ listed }}

),

known as (

    select
        bought.customer_number,
        bought.product_number
    from {{ ref('int_repurchase_rhythms') }} as bought
    semi join listed
        on bought.cluster = listed.cluster
        and bought.product_number = listed.product_number

),

absences as (

    select
        customer_number,
        count(*) as absence_count
    from known
    group by customer_number

)

select
    rhythms.customer_number,
    rhythms.product_number,
    shares.category_number,
    weights.own_weight * rhythms.basket_share + shares.late_score + shares.alike_score as score,
    rhythms.basket_share,
    rhythms.gap_days,
    rhythms.due_on
from {{ ref('int_repurchase_rhythms') }} as rhythms
inner join {{ ref('int_cluster_products') }} as shares
    on rhythms.cluster = shares.cluster
    and rhythms.product_number = shares.product_number
cross join weights
where (rhythms.product_rank <= {{ listed }} or shares.product_rank <= {{ listed }})
    and not rhythms.is_resting
union all
select
    customers.customer_number,
    listed.product_number,
    listed.category_number,
    listed.late_score + listed.alike_score,
    null,
    null,
    null
from {{ ref('int_personalised_customers') }} as customers
left join absences on customers.customer_number = absences.customer_number
inner join listed
    on customers.cluster = listed.cluster
    and listed.needed_absence_count <= coalesce(absences.absence_count, 0)
anti join known
    on customers.customer_number = known.customer_number
    and listed.product_number = known.product_number
