{#
  What a group is called: by its phrase, and where no phrase tells it by its number too, since there may be several of that kind.

  Example: {{ cluster_name('phrases.name_en', 'told.phrase', 'told.cluster') }}   'ordinary', 3 -> 'Usual customers 3'
#}
{% macro cluster_name(name, phrase, cluster) -%}
{{ name }} || case when {{ phrase }} = 'ordinary' then ' ' || cast({{ cluster }} as string) else '' end
{%- endmacro %}
