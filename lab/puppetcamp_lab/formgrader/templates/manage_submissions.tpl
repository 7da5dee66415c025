{%- extends "nbgrader/manage_submissions.tpl" -%}

{%- block head -%}
{{ super() }}
<script src="{{ base_url }}/puppetcamp/formgrader/static/autograde_all.js"></script>
{%- endblock head -%}

{%- block messages -%}
<div class="panel panel-default" id="autograde-all">
  <div class="panel-body">
    <button type="button" class="btn btn-primary" id="autograde-all-start">Autograde all</button>
    <button type="button" class="btn btn-default" id="autograde-all-stop" hidden>Stop</button>
    <button type="button" class="btn btn-link" id="autograde-all-log" hidden>Log</button>
    <span id="autograde-all-sentence" role="status" aria-live="polite">Grades what needs autograding, several at a time.</span>
    <div class="progress" id="autograde-all-progress" style="margin: 10px 0 0" hidden>
      <div class="progress-bar" role="progressbar" aria-label="Submissions that have run"
           aria-valuemin="0" aria-valuenow="0" aria-valuemax="1"></div>
    </div>
  </div>
</div>
{%- endblock -%}
