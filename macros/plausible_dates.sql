{#
  Whether a business date can't be true, by the rules that every dated entity shares.

  before_first_day: earlier than the variable earliest_business_date.
  after_delivery: later than the day on which the file landed, plus one for zones east of UTC. The
  day of landing is a fact of the delivery, so that no clock is read.
  Example: case when {{ after_delivery('ordered_on') }} then 'after_delivery' end
#}
{% macro before_first_day(date_column) -%}
({{ date_column }} < cast('{{ var("earliest_business_date") }}' as date))
{%- endmacro %}

{% macro after_delivery(date_column) -%}
({{ date_column }} > cast(_landed_at + interval '1' day as date))
{%- endmacro %}


{#
  The branches of a reason_code that refuse a row for its date: unreadable, or not to be true.

  Example: case when event_id is null then 'key_missing' {{ refuse_date('occurred_on') }} end
#}
{% macro refuse_date(date_column) -%}
when {{ date_column }} is null then 'time_unreadable'
when {{ before_first_day(date_column) }} then 'before_first_day'
when {{ after_delivery(date_column) }} then 'after_delivery'
{%- endmacro %}
