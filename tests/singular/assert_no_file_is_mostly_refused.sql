-- What: of no file that counts more than a share of the rows was refused (refused_max_share), or all of them.
-- Why: one wrong format of a date refuses a day's receipts, and marts without them would call the day's customers silent.
-- Few refused rows tell nothing of their file (refused_min_rows), and neither does a file of one row. Rows that only lack
-- their order are no fault of their file, and wait for it, unless nothing else is there.
-- Returns the files, for each entity that they deliver and that holds the publication up.
{%- set told_only = [] %}
{%- for entity in var('entities') if settings_of(entity).refusals == 'told' %}
    {%- do told_only.append(entity) %}
{%- endfor %}

select
    quality.source_system,
    quality.entity,
    quality.batch,
    quality.row_count,
    quality.rows_refused
from {{ ref('int_delivery_quality') }} as quality
inner join {{ ref('int_current_deliveries') }} as deliveries on quality.batch = deliveries.batch
where {{ var('refused_max_share') }} < 1
    and (
        (quality.rows_refused = quality.row_count and quality.row_count > 1)
        or (
            quality.rows_refused - quality.rows_waiting > {{ var('refused_max_share') }} * quality.row_count
            and quality.rows_refused - quality.rows_waiting >= {{ var('refused_min_rows') }}
        )
    )
    and coalesce(quality.entity, '') not in ('{{ told_only | join("', '") }}')
    and deliveries.file not in ('{{ var("refused_rightly") | join("', '") }}')
