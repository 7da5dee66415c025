{%- extends "nbgrader/base.tpl" -%}

{%- block script -%}
{{ super() }}
<script src="{{ base_url }}/puppetcamp/formgrader/static/names.js"></script>
{%- endblock -%}
