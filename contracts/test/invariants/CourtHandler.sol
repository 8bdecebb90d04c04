// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, Kind, Round, Stage, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { Prover } from "../../src/interfaces/IProverRegistry.sol";
import { BURNED, CopyId } from "../../src/lib/Types.sol";
import { Families } from "./Families.sol";

/// @notice Random calls at the court, in any order: honest and false openers, joiners, an accused, provers who vote, stay
/// silent, copy and leave, thieves who open, join and judge together, a council that annuls, a guardian who pauses, and
/// griefers who call every function. Cases are about copies, refusals, and the families of models.
contract CourtHandler is Families {
    uint256 public constant CROWD = 14;
    uint256 private constant MAX_CASES = 10;

    /// @notice Money that came from outside and that left, and stakes that were burned.
    uint256 public paidIn;
    uint256 public paidOut;

    uint64 private _lastTime;

    constructor() {
        setUp();
        paidIn = PROVERS * STAKE;
        _found();
    }

    function prover(uint256 i) public pure returns (address) {
        return _prover(i % CROWD);
    }

    /// @dev Three openers, of which one is a prover.
    function opener(uint256 i) public pure returns (address) {
        return i % 3 == 0 ? prover(i) : address(uint160(0x700 + i % 3));
    }

    function copyOf(uint256 i) public pure returns (CopyId) {
        return CopyId.wrap(1 + i % 3);
    }

    /* PROVERS */

    function stake(uint256 who, uint256 amount) external {
        amount = 1000e6 + amount % 3000e6;
        provers.admit(prover(who), true);
        _fund(prover(who), address(provers), amount);
        if (_as(prover(who), address(provers), abi.encodeCall(provers.stake, (amount)))) paidIn += amount;
    }

    function exit(uint256 who) external {
        if (who % 8 == 0) _as(prover(who / 8), address(provers), abi.encodeCall(provers.exit, ()));
    }

    function withdraw(uint256 who) external {
        _pay(prover(who), address(provers), abi.encodeCall(provers.withdraw, (prover(who))));
    }

    function donate(uint256 amount) external {
        amount %= 50e6;
        usd.mint(address(provers), amount);
        paidIn += amount;
    }

    function claimEarned(uint256 who) external {
        _pay(prover(who), address(provers), abi.encodeCall(provers.claim, (prover(who))));
    }

    function claimOwed(uint256 who) external {
        // what was burned stays
        address account = _parties()[1 + who % (_parties().length - 1)];
        _pay(account, address(court), abi.encodeCall(court.claim, (account)));
    }

    /* CASES */

    function open(uint256 who, uint256 which, uint256 target) external {
        if (court.totalCases() >= MAX_CASES) return;
        Kind kind = target % 4 == 0 ? Kind.Refusal : Kind.Leak;
        address account = kind == Kind.Refusal ? BUYER : opener(who);
        if (records.copies(copyOf(which)).buyer == address(0)) _setCopy(copyOf(which), uint96(who % 5000e6));
        (uint64 bond, uint64 recordFee) = court.bondOf(kind, CopyId.unwrap(copyOf(which)));
        _fund(account, address(court), uint256(bond) + recordFee);
        bytes memory call =
            abi.encodeCall(court.open, (kind, CopyId.unwrap(copyOf(which)), bytes32(1 + target % 5), ""));
        if (_as(account, address(court), call)) paidIn += uint256(bond) + recordFee;
    }

    /// @notice Accuses a version of a model of hiding a parent, as a stranger, as a prover, or as a maker.
    function accuse(uint256 who, uint256 model, uint256 ancestor, uint256 seed) external {
        if (court.totalCases() >= MAX_CASES) return;
        (uint256 subject, bytes32 target) = _accusation(model, ancestor, seed);
        (uint64 bond, uint64 recordFee) = court.bondOf(Kind.Parent, subject);
        _fund(_accuser(who), address(court), uint256(bond) + recordFee);
        bytes memory call = abi.encodeCall(court.open, (Kind.Parent, subject, target, ""));
        if (_as(_accuser(who), address(court), call)) paidIn += uint256(bond) + recordFee;
    }

    function join(uint256 which, uint256 who) external {
        CaseId id = _case(which);
        uint256 bond = court.cases(id).bond;
        _fund(_accuser(who), address(court), bond);
        if (_as(_accuser(who), address(court), abi.encodeCall(court.join, (id, "")))) paidIn += bond;
    }

    function answer(uint256 which) external {
        CaseId id = _case(which);
        _as(court.cases(id).accused, address(court), abi.encodeCall(court.answer, (id, "")));
    }

    function record(uint256 which, uint16 blocks) external {
        _blocks(blocks % 600);
        _as(opener(blocks), address(court), abi.encodeCall(court.record, (_case(which))));
    }

    /// @notice Runs a panel from the drawing to the ruling. In odd sessions jurors disagree. `asleep` selects the jurors who
    /// do not commit or do not reveal.
    function sit(uint256 which, uint256 session, uint256 asleep) external {
        CaseId id = _case(which);
        if (court.cases(id).stage == Stage.Drawing) advance(which);
        if (court.cases(id).stage != Stage.Voting) return;
        commitVotes(which, session, asleep);
        advance(which);
        revealVotes(which, session, asleep >> 64);
        advance(which);
    }

    function commitVotes(uint256 which, uint256 session, uint256 asleep) public {
        CaseId id = _case(which);
        uint8 number = court.cases(id).round;
        address[] memory panel = court.rounds(id, number).panel;
        for (uint256 i; i < panel.length; ++i) {
            if (asleep >> 3 * i & 7 == 7) continue;
            bytes32 commitment = court.voteHash(id, number, panel[i], _voteOf(id, session, i), SALT);
            _as(panel[i], address(court), abi.encodeCall(court.commitVote, (id, i, commitment)));
        }
    }

    function revealVotes(uint256 which, uint256 session, uint256 asleep) public {
        CaseId id = _case(which);
        address[] memory panel = court.rounds(id, court.cases(id).round).panel;
        for (uint256 i; i < panel.length; ++i) {
            if (asleep >> 3 * i & 7 == 7) continue;
            bytes memory call = abi.encodeCall(court.revealVote, (id, i, _voteOf(id, session, i), SALT));
            _as(panel[i], address(court), call);
        }
        if (asleep % 8 == 0 || court.cases(id).kind == Kind.Refusal) return;
        if (court.cases(id).kind == Kind.Parent) return _openPooledKeys(id);
        CopyId copyId = CopyId.wrap(court.cases(id).subject);
        bytes memory shown = abi.encodeCall(keys.openKeys, (copyId, _eighthOf(id), _codeword(), _keysOf(id)));
        _as(address(this), address(keys), shown);
    }

    function appeal(uint256 which, uint256 who) external {
        CaseId id = _case(which);
        Case memory trial = court.cases(id);
        if (trial.stage == Stage.None) return;
        address account = who % 2 == 0 ? trial.accused : court.openers(id)[0];
        uint256 due = 2 * uint256(trial.bond) + trial.bond / 50;
        _fund(account, address(court), due);
        if (_as(account, address(court), abi.encodeCall(court.appeal, (id)))) paidIn += due;
    }

    function annul(uint256 which, uint256 seed) external {
        if (seed % 8 == 0) _as(COUNCIL, address(court), abi.encodeCall(court.annul, (_case(which))));
    }

    /// @notice Waits until the next step of a case that anyone may take, and takes it.
    function advance(uint256 which) public {
        CaseId id = _case(which);
        Case memory trial = court.cases(id);
        Round memory round = court.rounds(id, trial.round);
        uint64 time = protocol.time();
        if (trial.stage == Stage.Drawing) {
            _blocks(3);
            _as(address(this), address(court), abi.encodeCall(court.draw, (id)));
        } else if (trial.stage == Stage.Voting) {
            _until(time <= round.commitUntil ? round.commitUntil : round.revealUntil);
            if (time > round.commitUntil) _as(address(this), address(court), abi.encodeCall(court.rule, (id)));
        } else if (trial.stage == Stage.Ruled) {
            _until(trial.closesAfter);
            (uint256 before, uint256 bond) = (usd.balanceOf(address(court)), _bondLeft(trial));
            if (!_as(address(this), address(court), abi.encodeCall(court.close, (id)))) return;
            uint256 bounty = usd.balanceOf(address(court)) - before;
            paidIn += bounty;
            if (trial.kind == Kind.Parent) _noteClosed(trial, bond, bounty);
        }
    }

    /// @notice Calls any step of any case as a stranger, an opener or a prover.
    function grief(uint256 which, uint256 what, uint256 who) external {
        address account = who % 3 == 0 ? STRANGER : opener(who / 3);
        CaseId id = _case(which);
        bytes[6] memory calls = [
            abi.encodeCall(court.draw, (id)),
            abi.encodeCall(court.rule, (id)),
            abi.encodeCall(court.appeal, (id)),
            abi.encodeCall(court.annul, (id)),
            abi.encodeCall(court.join, (id, "")),
            abi.encodeCall(court.revealVote, (id, what, Vote(Verdict(what % 4), uint32(what), 0, 0), SALT))
        ];
        uint256 before = usd.balanceOf(account);
        _as(account, address(court), calls[what % 6]);
        paidIn += before - usd.balanceOf(account);
    }

    /* CLOCK */

    function pause(uint256 seed) external {
        if (seed % 4 != 0) return;
        bytes memory call =
            protocol.paused() ? abi.encodeCall(protocol.unpause, ()) : abi.encodeCall(protocol.pause, ());
        _as(GUARDIAN, address(protocol), call);
    }

    function endGuardedLaunch(uint256 seed) external {
        if (seed % 64 == 0) protocol.endGuardedLaunch();
    }

    function wait_(uint256 duration) external {
        bool paused = protocol.paused();
        _wait(uint64(duration % 12 hours));
        uint64 time = protocol.time();
        if (time < _lastTime || (paused && protocol.paused() && time != _lastTime && _lastTime != 0)) {
            broken = "the clock";
        }
        _lastTime = time;
    }

    /* BOOKS */

    /// @notice What the court owes and holds for open cases.
    function owedByCourt() external view returns (uint256 sum) {
        for (uint256 i; i < CROWD; ++i) {
            sum += court.owed(prover(i));
        }
        address[] memory parties = _parties();
        for (uint256 i; i < parties.length; ++i) {
            sum += court.owed(parties[i]);
        }
        for (uint256 i = 1; i <= court.totalCases(); ++i) {
            CaseId id = CaseId.wrap(i);
            Case memory trial = court.cases(id);
            if (trial.stage == Stage.Closed) continue;
            sum += court.openers(id).length * trial.bond + trial.appealBond;
            if (court.rounds(id, trial.round).seed == 0) sum += trial.bond / 50;
        }
    }

    function stakesAndEarnings() external view returns (uint256 sum) {
        for (uint256 i; i < CROWD; ++i) {
            Prover memory found = provers.provers(prover(i));
            if (found.locked > found.stake) revert("a lock exceeds the stake");
            sum += found.stake + provers.earned(prover(i));
        }
    }

    function totalCases() external view returns (uint256) {
        return court.totalCases();
    }

    function caseAt(uint256 i) external view returns (Case memory) {
        return court.cases(CaseId.wrap(i));
    }

    function roundAt(uint256 i, uint8 round) external view returns (Round memory) {
        return court.rounds(CaseId.wrap(i), round);
    }

    function isShown(Case memory trial, uint8 eighth) external view returns (bool) {
        return court.matterOf(trial.kind).isShown(trial.subject, trial.target, eighth);
    }

    function balances() external view returns (uint256 atCourt, uint256 atProvers, uint256 burned) {
        return (usd.balanceOf(address(court)), usd.balanceOf(address(provers)), usd.balanceOf(BURNED));
    }

    function slashes() external view returns (uint256) {
        return records.slashes();
    }

    function openDisputes() external view returns (int256) {
        return records.disputes();
    }

    function committed() external view returns (uint256) {
        return provers.committed();
    }

    function pool_() external view returns (uint256) {
        return provers.pool();
    }

    /// @notice Pays everybody what the court owes. Anyone may do that.
    function payAll() external {
        for (uint256 i; i < CROWD; ++i) {
            court.claim(prover(i));
            provers.claim(prover(i));
        }
        address[] memory parties = _parties();
        for (uint256 i; i < parties.length; ++i) {
            court.claim(parties[i]);
        }
    }

    function isFree(uint256 i) external view returns (bool) {
        return provers.provers(prover(i)).locked == 0;
    }

    /* UTILITIES */

    function _voteOf(CaseId id, uint256 session, uint256 juror) private view returns (Vote memory) {
        bool accept = session % 4 == 0 || (session % 2 == 1 && session >> juror & 2 == 2);
        if (!accept) return Vote(Verdict.Reject, 0, 0, 0);
        if (court.cases(id).kind == Kind.Refusal) return Vote(Verdict.Accept, uint32(1 + session % 2), 0, 0);
        uint256 threshold = court.cases(id).threshold;
        return Vote(Verdict.Accept, uint32(threshold), uint64(session % 200e6), SALT);
    }

    /// @dev Half of the accusers are makers.
    function _accuser(uint256 who) private pure returns (address) {
        return who % 2 == 0 ? maker(who / 2) : opener(who / 2);
    }

    /// @dev Everybody whom the court may owe something, without the provers.
    function _parties() private view returns (address[] memory parties) {
        parties = new address[](7 + MAKERS);
        (parties[0], parties[1], parties[2], parties[3]) = (BURNED, BUYER, MINTER, address(this));
        (parties[4], parties[5], parties[6]) = (STRANGER, opener(1), opener(2));
        for (uint256 i; i < MAKERS; ++i) {
            parties[7 + i] = maker(i);
        }
    }

    function _case(uint256 seed) private view returns (CaseId) {
        uint256 total = court.totalCases();
        return CaseId.wrap(total == 0 ? 0 : 1 + seed % total);
    }

    function _until(uint64 until) private {
        _waitUntil(until + 1);
        if (until >= protocol.time()) _wait(7 days);
        _lastTime = protocol.time();
    }

    function _pay(address to, address from, bytes memory call) private {
        uint256 before = usd.balanceOf(to);
        _as(address(this), from, call);
        paidOut += usd.balanceOf(to) - before;
    }

    function _as(address who, address target, bytes memory call) private returns (bool done) {
        vm.prank(who);
        (done,) = target.call(call);
    }
}
