-- Whether a source has far fewer or far more orders on a day than is typical of it: by its ratio, and by more than it
-- has scattered of late. A week finds what lasts where a day of a few orders is chance. A day has delivered unless it
-- has collapsed, or follows within a year on a collapse from which the source, beside others that trade, has not come
-- back half way (of the ratio): else its new size would be its measure before anybody has looked.
with scattered as (

    select
        source_days.*,
        coalesce(business_on <= {{ declared_day('volumes_looked_at') }}, false) as is_looked_at,
        max(week_order_count) over (
            partition by source_system order by business_on nulls last
            rows between 1 following and unbounded following
        ) as best_week_after,
        -- A standard deviation by the mean of absolute values; that of chance alone is 1.
        {{ var('volume_deviations') }} * greatest(
            1e0,
            sqrt(acos(-1) / 2) * sum(abs(surprise)) over before / nullif(count(surprise) over before, 0)
        ) as surprise_limit
    from {{ ref('int_source_days') }} as source_days
    window before as (
        partition by source_system order by business_on nulls last
        rows between {{ 7 * var('volume_weeks') + 6 }} preceding and 7 preceding
    )

),

judged as (

    select
        scattered.*,
        coalesce(
            not is_looked_at
            and order_count > 0
            and (
                (
                    order_count < {{ var('volume_min_share') }} * typical_order_count
                    and surprise < -surprise_limit
                )
                or (
                    week_order_count < {{ var('volume_min_share') }} * typical_week_order_count
                    and {{ surprise('week_order_count', 'typical_week_order_count') }} < -surprise_limit
                )
            ),
            false
        ) as is_collapsed,
        coalesce(
            not is_looked_at
            and order_count >= {{ var('mattering_min_share') }} * shop_order_count
            and order_count > {{ var('volume_max_ratio') }} * typical_order_count
            and surprise > surprise_limit,
            false
        ) as is_exploded
    from scattered

),

doubted as (

    select
        judged.*,
        max(case
            when is_collapsed
                and shop_order_count > order_count
                and coalesce(best_week_after, 0) < sqrt({{ var('volume_min_share') }}) * typical_week_order_count
                then business_on
        end) over (
            partition by source_system order by business_on nulls last
            rows between unbounded preceding and current row
        ) as collapsed_since
    from judged

)

select
    source_system,
    business_on,
    day_number,
    order_count,
    shop_order_count,
    typical_order_count,
    is_usual_day,
    is_collapsed,
    is_exploded,
    order_count > 0
    and not is_collapsed
    and coalesce({{ days_between('collapsed_since', 'business_on') }} > {{ var('rhythm_days') }}, true) as has_delivered
from doubted
