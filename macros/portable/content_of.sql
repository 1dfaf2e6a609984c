{#
  A digest of the columns and rows of a relation, in any order, as a query. What SQL holds equal is: 0 and -0. Of a column
  `read_for_nulls` it counts only where it is null.

  Example: {{ content_query(this) }}
#}
{% macro content_query(relation, read_for_nulls=none) -%}
select md5(concat_ws(' ', any_value(row_type), count(row_hash), sum(row_hash), sum(hash(row_hash))))
from {{ hashed_rows(relation, read_for_nulls) }}
{%- endmacro %}

{# The type of the rows of a relation, and the hash of each; of none, a null. With `month_of`, its day; with `ends`, once for each of its days. #}
{% macro hashed_rows(relation, read_for_nulls=none, month_of=none, ends=none) -%}
{%- set columns = '* replace (' ~ read_for_nulls ~ ' is null as ' ~ read_for_nulls ~ ')' if read_for_nulls else '*' -%}
(select typeof(relation) as row_type from (select 1) left join {{ relation }} as relation on false)
left join (
    select {% if month_of %}{{ 'day' if ends else month_of ~ ' as day' }}, {% endif %}hash(*columns(*)) as row_hash
    from (select {{ columns }} from {{ as_it_was_known(relation, month_of, ends) if ends else relation }})
) on true
{%- endmacro %}

{# The rows of a relation as they were on the day on which each began, and on those of its ends: an end is null until it comes. #}
{% macro as_it_was_known(relation, month_of, ends) -%}
{%- set known = [] -%}
{%- for end in ends -%}
    {%- do known.append('case when ' ~ end ~ ' <= day then ' ~ end ~ ' end as ' ~ end) -%}
{%- endfor -%}
(
    select * replace ({{ known | join(', ') }})
    from (select *, unnest([{{ ([month_of] + ends) | join(', ') }}]) as day from {{ relation }})
    where day is not null or {{ month_of }} is null
)
{%- endmacro %}

{#
  The content of a relation, as its `meta` tells of it: `state`, a digest of it. With `month_of`, a column of dates, also
  `by_month`: digests of the rows of each `months`, by its first day, and of what all have in common (`rest`), their columns.
  With `ends`, columns of later dates, an end counts in its own month, and not before. Where only some months are
  `made` since it was `before`, only these are read.

  Example: {%- set content = content_of(this, model.config.meta) -%}
#}
{% macro content_of(relation, meta, made=none, before=none) -%}
{%- if not meta.month_of -%}
    {%- set response, found = adapter.execute(content_query(relation, meta.read_for_nulls), auto_begin=False, fetch=True) -%}
    {{ return({'state': found.rows[0][0]}) }}
{%- endif -%}
{%- set read = relation if made is none else '(select * from ' ~ relation ~ ' where ' ~ within_months(meta, made) ~ ')' -%}
{%- set query -%}
    select
        coalesce(strftime(date_trunc('month', day{{ ' - 1' if meta.looks_back }}), '%Y-%m-%d'), 'none') as month,
        md5(any_value(row_type)),
        md5(concat_ws(' ', sum(row_count), sum(hashes), sum(hashes_again))),
        sum(row_count)
    from (
        -- grouped by days first, which takes less than to reckon the month of each row
        select day, any_value(row_type) as row_type, count(row_hash) as row_count, sum(row_hash) as hashes, sum(hash(row_hash)) as hashes_again
        from {{ hashed_rows(read, meta.read_for_nulls, meta.month_of, meta.ends) }}
        group by day
    )
    group by month
    order by month
{%- endset -%}
{%- set response, found = adapter.execute(query, auto_begin=False, fetch=True) -%}
{%- set months = {} -%}
{%- for month, digest in ({} if made is none else before.months).items() if month not in made -%}
    {%- do months.update({month: digest}) -%}
{%- endfor -%}
{%- for row in found.rows if row[3] -%}
    {%- do months.update({row[0]: row[2]}) -%}
{%- endfor -%}
{%- set by_month = {'rest': found.rows[0][1], 'months': months} -%}
{{ return({'state': local_md5(tojson(by_month, sort_keys=true)), 'by_month': by_month}) }}
{%- endmacro %}
