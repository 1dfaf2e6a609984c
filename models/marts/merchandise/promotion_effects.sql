-- What a promotion added to the sales of its products in a category, beside what was expected without it; what of that is missing
-- in the days after, since people bought ahead, and what the other products of the category sold less meanwhile. The two shares are
-- those of the whole shop (model prices), since of one promotion both are lost in chance; before a fit they are not told.
{%- set z = var('interval_standard_deviations') %}

with offered as (

    select
        promotions.promotion_id,
        effects.category,
        promotions.product_id,
        promotions.starts_on,
        promotions.ends_on,
        effects.depth_share,
        effects.sold_quantity,
        effects.expected_quantity,
        effects.scatter,
        effects.variance
    from {{ accepted('promotions') }} as promotions
    inner join {{ ref('int_offer_effects') }} as effects
        on promotions.product_id = effects.product_id
        and {{ offer_depth('promotions.depth_share') }} = effects.depth_share
        and effects.week_on >= cast(date_trunc('week', promotions.starts_on) as date)
        and effects.week_on <= promotions.ends_on
    where promotions.store_id is null

),

summed as (

    select
        promotion_id,
        category,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        count(distinct product_id) as product_count,
        {{ sum_of_doubles('depth_share * expected_quantity') }} / {{ sum_of_doubles('expected_quantity') }} as depth_share,
        {{ sum_of_doubles('sold_quantity') }} as sold_quantity,
        {{ sum_of_doubles('expected_quantity') }} as expected_quantity,
        {{ sum_of_doubles('sold_quantity - expected_quantity') }} as lift_quantity,
        max(scatter) as scatter,
        {{ sum_of_doubles('variance') }} as lift_variance
    from offered
    group by promotion_id, category

),

shares as (

    select
        max(value) filter (where parameter = 'pulled forward') as pulled_share,
        max(standard_error) filter (where parameter = 'pulled forward') as pulled_error,
        max(value) filter (where parameter = 'taken') as taken_share,
        max(standard_error) filter (where parameter = 'taken') as taken_error
    from {{ ref('int_current_parameters') }}
    where model = 'prices'

),

known as (

    select
        summed.*,
        latest.as_of_date,
        {{ z }} * sqrt(lift_variance) as lift_error,
        {%- for share in ['pulled', 'taken'] %}
        lift_quantity * shares.{{ share }}_share as {{ share }}_quantity,
        -- Of a share of few pieces chance makes more or less, beyond what is not known of the share and the lift.
        {{ z }} * sqrt(
            pow(shares.{{ share }}_share, 2) * lift_variance
            + pow(lift_quantity * shares.{{ share }}_error, 2)
            + scatter * abs(lift_quantity * shares.{{ share }}_share)
        ) as {{ share }}_error{{ ',' if not loop.last }}
        {%- endfor %}
    from summed
    cross join shares
    cross join {{ ref('int_as_of_dates') }} as latest
    where latest.is_latest

)

select
    promotion_id,
    category,
    as_of_date,

    product_count,
    depth_share,
    sold_quantity,
    expected_quantity,

    lift_quantity,
    lift_quantity - lift_error as lift_low_quantity,
    lift_quantity + lift_error as lift_high_quantity,
    lift_quantity / nullif(expected_quantity, 0) as lift_share,

    pulled_quantity as pulled_forward_quantity,
    pulled_quantity - pulled_error as pulled_forward_low_quantity,
    pulled_quantity + pulled_error as pulled_forward_high_quantity,
    taken_quantity,
    taken_quantity - taken_error as taken_low_quantity,
    taken_quantity + taken_error as taken_high_quantity,
    lift_quantity - pulled_quantity - taken_quantity as kept_quantity,

    lift_quantity - lift_error > 0 as is_more_than_chance,
    ends_on < as_of_date as is_over,
    starts_on,
    ends_on
from known
