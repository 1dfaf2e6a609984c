{%- set feed = feed('shopify', 'customers') -%}

-- The export says how things stand, and not since when: a yes holds from the day on which it landed
-- first, while no other answer has landed since; any other answer from the day on which it landed last.
with source as (

    select
        *,
        count(case when accepts_email is distinct from 'yes' then 1 end) over (
            partition by customer_id order by _landed_at nulls last, _batch nulls last, _line nulls last
            rows between unbounded preceding and current row
        ) as others_so_far
    from {{ source('shopify', 'customers') }}

),

renamed as (

    select
        {{ source_key('shopify', 'customer_id') }} || ':email' as consent_id,
        {{ source_key('shopify', 'customer_id') }} as account_id,
        'marketing' as purpose,
        'email' as channel,
        case accepts_email when 'yes' then 'granted' when 'no' then 'withdrawn' end as consent_status,
        min(_landed_at) over of_the_answer as changed_at,
        cast(min(_landed_at) over of_the_answer as date) as changed_on,
        {{ row_kind('consents__email', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source
    window of_the_answer as (partition by customer_id, others_so_far, accepts_email)

)

select * from renamed
