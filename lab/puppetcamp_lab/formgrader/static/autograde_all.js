// Autograde all: start, stop, progress; and flags beside the status of a submission.
(function () {
    var base = base_url + "/puppetcamp/formgrader";
    var exercise = encodeURIComponent(assignment_id);
    var run = base + "/autograde/" + exercise;
    var notes = {};
    var last = null;
    var timer = null;

    var ENDS = {
        done: "Done.",
        stopped: "Stopped. What is graded stays; Autograde all goes on with the rest.",
        failed: "Some submissions were not graded; the log says why."
    };

    var show = function (status) {
        var running = status.state === "running";
        var progress = status.progress;
        $("#autograde-all-start").prop("disabled", running);
        $("#autograde-all-stop").prop("hidden", !running);
        $("#autograde-all-log").prop("hidden", !status.log.length);
        $("#autograde-all-progress").prop("hidden", !(running && progress));
        if (progress) {
            var ended = progress.done + progress.failed;
            $("#autograde-all-progress .progress-bar")
                .attr({"aria-valuenow": ended, "aria-valuemax": progress.total})
                .css("width", (100 * ended / Math.max(progress.total, 1)) + "%");
        }
        var sentence = running && !progress ? "Starting …" : progress ? progress.sentence : "";
        if (ENDS[status.state]) sentence = ENDS[status.state] + (sentence ? " " + sentence + "." : "");
        var place = $("#autograde-all-sentence");
        // A live region is read aloud at each change, so there are no needless ones.
        if (status.state && place.text() !== sentence) place.text(sentence);
    };

    var follow = function () {
        $.getJSON(run).done(function (status) {
            show(status);
            var ended = last === "running" && status.state !== "running";
            last = status.state;
            if (ended) {
                models.each(function (model) { model.fetch(); });
                load();
            }
            if (status.state === "running") timer = setTimeout(follow, 1000);
        }).fail(function () {
            $("#autograde-all-sentence").text("Your JupyterLab does not answer just now …");
            if (last === "running") timer = setTimeout(follow, 3000);
        });
    };

    var post = function (url) {
        clearTimeout(timer);
        $.post(url).done(function () {
            last = "running";
            follow();
        }).fail(function (answer) {
            $("#autograde-all-sentence").text(
                "This could not be started (" + answer.status + "). Reload the page and try again.");
        });
    };

    var explain = function (attendee) {
        var note = notes[attendee];
        var body = $("<div/>");
        if (note.reason) {
            body.append($("<h5/>").text("Not graded"), $("<p/>").text(note.reason));
        }
        if (note.flags.length) {
            var list = $("<ul/>");
            note.flags.forEach(function (flag) { list.append($("<li/>").text(flag)); });
            body.append($("<h5/>").text("Flags, for you alone"), list);
        }
        createModal("notes-modal", assignment_id + " of " + attendee, body);
    };

    var decorate = function () {
        $("#main-table tr").each(function () {
            var row = $(this);
            var attendee = row.find(".student-id").text();
            var note = notes[attendee];
            var status = row.find(".status");
            if (!note || !status.length || status.find(".camp-note").length) return;
            var waits = status.find(".label-warning").length > 0;
            var text = note.reason && waits ? "not graded: why?" : "";
            if (!text && note.flags.length) {
                text = note.flags.length === 1 ? "1 flag" : note.flags.length + " flags";
            }
            if (!text) return;
            status.append(" ", $("<button/>")
                .attr({type: "button", title: note.reason || note.flags.join("\n")})
                .addClass("btn btn-xs btn-danger camp-note")
                .text(text)
                .click(function () { explain(attendee); }));
        });
    };

    var load = function () {
        $.getJSON(base + "/notes/" + exercise).done(function (found) {
            notes = found;
            $(".camp-note").remove();
            decorate();
        });
    };

    $(window).on("load", function () {
        $("#autograde-all-start").click(function () { post(run); });
        $("#autograde-all-stop").click(function () { post(run + "/stop"); });
        $("#autograde-all-log").click(function () {
            $.getJSON(run).done(function (status) {
                createLogModal("log-modal", "Autograde all", "What nbgrader said:", status.log.join("\n"));
            });
        });
        new MutationObserver(decorate).observe(
            document.getElementById("main-table"), {childList: true, subtree: true});
        load();
        follow();
    });
})();
