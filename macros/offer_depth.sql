{#
  How much of its price an offer takes, as a share.

  What: what is announced, and nine tenths at most, which is what a gift counts as.
  Why: what is free has no price whose logarithm could be taken.
  Example: {{ offer_depth('depth_share') }}   0.25 -> 0.25, 1 -> 0.9
#}
{% macro offer_depth(share) -%}
least(cast({{ share }} as double), 0.9e0)
{%- endmacro %}
