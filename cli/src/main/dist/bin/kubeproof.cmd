@echo off
rem Starts kubeproof with the Java of JAVA_HOME, or else with the one on the PATH.
rem KUBEPROOF_JAVA_OPTS holds more options for the JVM, such as -Xmx2g.
setlocal

set HEAP=-XX:MaxRAMPercentage=50

set "JAVA=java.exe"
if not defined JAVA_HOME goto path
set "JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%JAVA%" goto version
echo kubeproof: JAVA_HOME is %JAVA_HOME%, but there is no bin\java.exe in it 1>&2
exit /b 2

:path
where java.exe >nul 2>nul
if not errorlevel 1 goto start
echo kubeproof: found no java; set JAVA_HOME or PATH to Java 17 or newer 1>&2
exit /b 2

:version
set MAJOR=17
if exist "%JAVA_HOME%\release" for /f "tokens=2 delims==." %%v in ('findstr /b JAVA_VERSION= "%JAVA_HOME%\release"') do set "MAJOR=%%~v"
set "MAJOR=%MAJOR:"=%"
if %MAJOR% geq 17 goto start
echo kubeproof: needs Java 17 or newer, but %JAVA% is older 1>&2
exit /b 2

:start
set ARCHIVE=-Xshare:auto
if exist "%~dp0..\lib\kubeproof.jsa" set ARCHIVE="-XX:SharedArchiveFile=%~dp0..\lib\kubeproof.jsa"
"%JAVA%" %HEAP% %ARCHIVE% -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:InitialRAMPercentage=5 -Xmn64m -XX:MaxTenuringThreshold=2 -Xlog:disable -XX:-UsePerfData -Djdk.console=java.base -Dkubeproof.terminal=ask %KUBEPROOF_JAVA_OPTS% -jar "%~dp0..\lib\kubeproof.jar" %*
exit /b %ERRORLEVEL%
