{#
  Returns the keys that are not unique, or not whole.

  What: no two rows share the columns, and none of them is null; `nullable` names the columns in which
  null is a value of its own, such as the business day of a row whose date can't be read.
  Why: a grain that does not hold makes every join above it count money twice.
#}
{% test primary_key(model, columns, nullable=[]) %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | reject('in', nullable) | join(' is null or ') }} is null
{% endtest %}
