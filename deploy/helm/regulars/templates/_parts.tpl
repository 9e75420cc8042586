{{- define "regulars.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Labels of a part: (dict "root" $ "part" "engine") */}}
{{- define "regulars.selector" -}}
app.kubernetes.io/name: regulars
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "regulars.labels" -}}
{{ include "regulars.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "regulars.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* What every pod has: (dict "root" $ "part" "engine" "command" list "port" 9100 "resources" …) */}}
{{- define "regulars.pod" -}}
metadata:
  labels:
    {{- include "regulars.labels" . | nindent 4 }}
  annotations:
    # New settings are new pods.
    checksum/settings: {{ toJson .root.Values.settings | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "regulars.name" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .grace }}
  terminationGracePeriodSeconds: {{ . }}
  {{- end }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "regulars.selector" . | nindent 10 }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .part }}
      image: {{ include "regulars.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      command: {{ toJson .command }}
      env:
        # What is named here counts before the Secret: an empty value leaves it to that.
        {{- range $name, $value := .root.Values.settings }}
        {{- if ne $value "" }}
        - name: REGULARS_{{ $name }}
          value: {{ $value | quote }}
        {{- end }}
        {{- end }}
        {{- if .root.Values.program.configMap }}
        - name: REGULARS_PROGRAM_FILE
          value: /program/program.yaml
        {{- end }}
        {{- if eq .part "api" }}
        - {name: REGULARS_API_HOST, value: "0.0.0.0"}
        - {name: REGULARS_API_PORT, value: "8000"}
        {{- else if .port }}
        - {name: REGULARS_METRICS_HOST, value: "0.0.0.0"}
        - {name: REGULARS_METRICS_PORT, value: "{{ .port }}"}
        {{- end }}
        {{- if .named }}
        # The pod's lasting name: under it a worker takes its partitions back at once.
        - name: REGULARS_WORKER_ID
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        {{- end }}
      {{- with .root.Values.settingsSecret }}
      envFrom:
        - secretRef: {name: {{ . }}}
      {{- end }}
      {{- if .port }}
      ports:
        - {name: http, containerPort: {{ .port }}}
      # Restoring millions of members takes its time: ten minutes here.
      startupProbe:
        httpGet: {path: {{ eq .part "api" | ternary "/health/ready" "/health/live" }}, port: http}
        periodSeconds: 5
        failureThreshold: 120
      livenessProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      # An API that has started answers what it can while a store is away: all of its
      # pods would leave the Service at once, and with them the reads that need it not.
      readinessProbe:
        httpGet: {path: {{ eq .part "api" | ternary "/health/live" "/health/ready" }}, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      {{- end }}
      {{- if eq .part "api" }}
      lifecycle:
        # Until no balancer sends anything here any more.
        preStop: {exec: {command: ["sleep", "5"]}}
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- if .root.Values.program.configMap }}
        - {name: program, mountPath: /program, readOnly: true}
        {{- end }}
  volumes:
    - {name: tmp, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
    {{- if .root.Values.program.configMap }}
    - name: program
      configMap: {name: {{ .root.Values.program.configMap }}}
    {{- end }}
{{- end }}
