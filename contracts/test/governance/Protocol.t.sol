// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { PARAMETERS, Protocol } from "../../src/governance/Protocol.sol";
import { IProtocol, Parameter } from "../../src/interfaces/IProtocol.sol";
import { EPOCH_LENGTH, defaultParameters } from "../helpers/Defaults.sol";
import { Vm } from "../helpers/Vm.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";

abstract contract ProtocolBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint64 internal constant START = 1_800_000_000;
    address internal constant OWNER = address(0xA11);
    address internal constant GUARDIAN = address(0x6A);
    address internal constant STRANGER = address(0x57);

    Protocol internal protocol;

    function setUp() public virtual {
        vm.warp(START);
        protocol = new Protocol(OWNER, GUARDIAN, OWNER, EPOCH_LENGTH, defaultParameters());
    }

    function _pause() internal {
        vm.prank(GUARDIAN);
        protocol.pause();
    }
}

contract PauseTest is ProtocolBase {
    function test_error_NotGuardian(address caller) public {
        vm.assume(caller != GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IProtocol.NotGuardian.selector, caller, GUARDIAN));
        vm.prank(caller);
        protocol.pause();
    }

    function test_error_PauseTooEarly_whilePaused() public {
        _pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.PauseTooEarly.selector, START, START + 21 days));
        _pause();
    }

    /// After a pause ends, early or by itself, 14 days must pass before the next.
    function test_error_PauseTooEarly_cooldown_P42() public {
        _pause();
        vm.warp(START + 1 days);
        vm.prank(OWNER);
        protocol.unpause();
        vm.warp(START + 15 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IProtocol.PauseTooEarly.selector, START + 15 days - 1, START + 15 days));
        _pause();
        vm.warp(START + 15 days);
        _pause();
        vm.assertTrue(protocol.paused(), "paused again");
    }

    function test_behavior_aPauseEndsByItself_P42() public {
        _pause();
        vm.warp(START + 7 days - 1);
        vm.assertTrue(protocol.paused(), "paused before 7 days");
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days));
        protocol.requireOpen();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days));
        protocol.ordering();
        vm.warp(START + 7 days);
        vm.assertFalse(protocol.paused(), "not paused after 7 days");
        protocol.requireOpen();
        protocol.ordering();
    }

    function test_error_NotPaused() public {
        vm.expectRevert(abi.encodeWithSelector(IProtocol.NotPaused.selector));
        vm.prank(GUARDIAN);
        protocol.unpause();
    }

    function test_error_unpause_NotGuardian() public {
        _pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.NotGuardian.selector, STRANGER, GUARDIAN));
        vm.prank(STRANGER);
        protocol.unpause();
    }
}

contract TimeTest is ProtocolBase {
    function test_default() public {
        vm.assertEq(protocol.time(), START, "Unix time without a pause");
        vm.warp(START + 5);
        vm.assertEq(protocol.time(), START + 5, "time advances");
        vm.assertEq(protocol.epoch(), (START + 5) / EPOCH_LENGTH, "epoch");
    }

    /// Protocol time does not advance during a pause.
    function test_behavior_doesNotAdvanceWhilePaused_P26(uint64 before, uint64 during, uint64 later) public {
        before = before % 365 days;
        during = during % 30 days;
        later = later % 365 days;
        vm.warp(START + before);
        _pause();
        vm.warp(START + before + during);
        uint64 frozen = during < 7 days ? during : 7 days;
        vm.assertEq(protocol.time(), START + before + during - frozen, "the pause does not count");
        bool ended = during >= 7 days;
        if (!ended) {
            vm.prank(GUARDIAN);
            protocol.unpause();
        }
        vm.warp(START + before + during + later);
        vm.assertEq(protocol.time(), START + before + during + later - frozen, "the pause never counts");
    }

    function test_behavior_pausesAddUp_P26() public {
        _pause();
        vm.warp(START + 30 days);
        _pause();
        vm.warp(START + 32 days);
        vm.assertEq(protocol.time(), START + 23 days, "the second pause is still running");
        vm.prank(GUARDIAN);
        protocol.unpause();
        vm.warp(START + 40 days);
        vm.assertEq(protocol.time(), START + 31 days, "pauses of 7 and 2 days");
    }
}

contract ParametersTest is ProtocolBase {
    function test_error_EpochLengthOutOfBounds() public {
        vm.expectRevert(abi.encodeWithSelector(IProtocol.EpochLengthOutOfBounds.selector, 1, 10 minutes, 1 days));
        new Protocol(OWNER, GUARDIAN, OWNER, 1, defaultParameters());
        vm.expectRevert(
            abi.encodeWithSelector(IProtocol.EpochLengthOutOfBounds.selector, 1 days + 1, 10 minutes, 1 days)
        );
        new Protocol(OWNER, GUARDIAN, OWNER, 1 days + 1, defaultParameters());
    }

    function test_error_OwnableUnauthorizedAccount(address caller) public {
        vm.assume(caller != OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        vm.prank(caller);
        protocol.set(Parameter.CaseBond, 20e6);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        vm.prank(caller);
        protocol.setGuardian(caller);
    }

    function test_error_ParameterOutOfBounds(uint8 which, uint64 value) public {
        Parameter parameter = Parameter(which % PARAMETERS);
        (uint64 min, uint64 max) = protocol.bounds(parameter);
        vm.assume(value < min || value > max);
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ParameterOutOfBounds.selector, parameter, value, min, max));
        vm.prank(OWNER);
        protocol.set(parameter, value);
    }

    function test_default(uint8 which, uint64 value) public {
        Parameter parameter = Parameter(which % PARAMETERS);
        (uint64 min, uint64 max) = protocol.bounds(parameter);
        value = min + value % (max - min + 1);
        vm.prank(OWNER);
        protocol.set(parameter, value);
        vm.assertEq(protocol.valueIn(parameter, protocol.epoch() + 1), value, "from the next epoch on");
        vm.warp(START + EPOCH_LENGTH);
        vm.assertEq(protocol.get(parameter), value, "set");
    }

    /// A change counts from the next epoch on, a second change in the same epoch replaces the first, and what an epoch
    /// allowed when it began holds for it afterwards.
    function test_behavior_anEpochKeepsItsValues(uint8 which, uint64[6] memory values, uint64[6] memory waits) public {
        Parameter parameter = Parameter(which % PARAMETERS);
        (uint64 min, uint64 max) = protocol.bounds(parameter);
        uint64 first = protocol.epoch();
        uint64[100] memory expected;
        for (uint64 i; i < 100; ++i) {
            expected[i] = defaultParameters()[uint256(parameter)];
        }
        for (uint256 i; i < values.length; ++i) {
            vm.warp(block.timestamp + waits[i] % (15 * EPOCH_LENGTH));
            uint64 value = min + values[i] % (max - min + 1);
            vm.prank(OWNER);
            protocol.set(parameter, value);
            for (uint64 j = protocol.epoch() - first + 1; j < 100; ++j) {
                expected[j] = value;
            }
            vm.assertEq(protocol.get(parameter), expected[protocol.epoch() - first], "now");
            for (uint64 j; j < 100; ++j) {
                vm.assertEq(protocol.valueIn(parameter, first + j), expected[j], "in every epoch");
            }
        }
    }

    /// However the windows change, collateral that begins to thaw stays until the receipts of every epoch so far have
    /// stopped counting.
    function test_behavior_theThawOutlastsEveryEpoch_P19(uint64[6] memory values, uint64[6] memory waits) public {
        uint64 first = protocol.epoch();
        for (uint256 i; i < values.length; ++i) {
            Parameter parameter = Parameter(uint256(Parameter.ReportGrace) + values[i] % 4);
            (uint64 min, uint64 max) = protocol.bounds(parameter);
            vm.prank(OWNER);
            protocol.set(parameter, min + (values[i] >> 8) % (max - min + 1));
            vm.warp(block.timestamp + waits[i] % (5 * EPOCH_LENGTH));
            uint64 leaves = protocol.thawEnd();
            vm.assertLe(protocol.time() + protocol.thaw(), leaves, "one thaw at least");
            for (uint64 epoch = first; epoch <= protocol.epoch(); ++epoch) {
                (,, uint64 thaw) = protocol.reporting(epoch);
                vm.assertLe(epoch * EPOCH_LENGTH + thaw, leaves, "after the receipts of every epoch");
            }
        }
    }

    /// The number changes in the very second in which a change begins to count, and with nothing else.
    function test_behavior_theNumberOfWhatCounts(uint64[4] memory values, uint64[4] memory waits) public {
        (, uint32 before) = protocol.moment();
        for (uint256 i; i < values.length; ++i) {
            (uint16 cut,,) = protocol.cuts();
            uint64 end = (protocol.epoch() + 1) * EPOCH_LENGTH;
            vm.prank(OWNER);
            protocol.set(Parameter.ProtocolCutBps, values[i] % 501);
            (uint64 time, uint32 number) = protocol.moment();
            vm.assertEq(number, before, "the same until the epoch ends");
            vm.assertEq(time, protocol.time(), "the time");
            vm.warp(end - 1);
            (, number) = protocol.moment();
            (uint16 still,,) = protocol.cuts();
            vm.assertEq(number, before, "the same in its last second");
            vm.assertEq(still, cut, "and so is the cut");
            vm.warp(end + waits[i] % (3 * EPOCH_LENGTH));
            (, number) = protocol.moment();
            (uint16 now_,,) = protocol.cuts();
            vm.assertEq(number, ++before, "the next from then on");
            vm.assertEq(now_, values[i] % 501, "and so is the cut");
        }
    }

    function test_behavior_setGuardian() public {
        vm.prank(OWNER);
        protocol.setGuardian(STRANGER);
        vm.assertEq(protocol.guardian(), STRANGER, "guardian");
    }

    function test_behavior_getters() public view {
        vm.assertEq(protocol.acceptWindow(), 2 days, "accept");
        vm.assertEq(protocol.reportGrace(), 1 days, "grace");
        vm.assertEq(protocol.answerWindow(), 2 days, "answer");
        vm.assertEq(protocol.caseWindow(), 4 days, "case");
        vm.assertEq(protocol.thawBuffer(), 1 days, "buffer");
        vm.assertEq(protocol.challengeBond(), 10e6, "challenge bond");
        vm.assertEq(protocol.caseBond(), 50e6, "case bond");
        vm.assertEq(protocol.bountyBps(), 4000, "reward");
        vm.assertEq(protocol.bountyCap(), 100e6, "cap");
        vm.assertEq(protocol.minterBond(), 1000e6, "minter bond");
        vm.assertEq(protocol.leakTail(), 180 days, "leak tail");
        vm.assertEq(protocol.proverStake(), 1000e6, "prover stake");
        vm.assertEq(protocol.proverPenalty(), 20e6, "prover penalty");
        vm.assertEq(protocol.coverageFee(), 1e6, "coverage fee");
        vm.assertEq(protocol.feeCollateralFactor(), 10, "factor");
        (uint16 protocolBps, uint16 proverBps, uint16 minterBps) = protocol.cuts();
        vm.assertEq(protocolBps, 250, "protocol's cut");
        vm.assertEq(proverBps, 250, "provers' cut");
        vm.assertEq(minterBps, 500, "minter's cut");
        (uint64 time_, uint64 grace, uint64 thaw) = protocol.reporting(protocol.epoch());
        vm.assertEq(time_, START, "time");
        (uint64 again, uint64 bond, uint64 duration) = protocol.origin();
        vm.assertEq(again, START, "time");
        vm.assertEq(bond, 100e6, "the bond behind an origin");
        vm.assertEq(duration, 90 days, "its time");
        vm.assertEq(grace, 1 days, "grace");
        vm.assertEq(thaw, 9 days, "thaw");
        (uint64 ordered, uint64 leakTail, uint64 acceptWindow) = protocol.ordering();
        vm.assertEq(ordered, START, "time");
        vm.assertEq(leakTail, 180 days, "leak tail");
        vm.assertEq(acceptWindow, 2 days, "accept");
        vm.assertEq(protocol.thawEnd(), START + 9 days, "thaw's end");
    }

    function test_behavior_thawCoversEveryWindow_P19() public view {
        vm.assertEq(protocol.thaw(), (1 + 1 + 2 + 4 + 1) * 1 days, "epoch + grace + answer + case + buffer");
    }

    /// A local chain may have epochs of ten minutes: its windows are as long in proportion, and no longer.
    function test_behavior_windowsFollowTheEpoch(uint64 length) public {
        length = 10 minutes + length % (1 days - 10 minutes + 1);
        uint64[PARAMETERS] memory values = defaultParameters();
        for (uint256 i; i < PARAMETERS; ++i) {
            if (_isWindow(i)) values[i] = values[i] * length / 1 days;
        }
        Protocol fast = new Protocol(OWNER, GUARDIAN, OWNER, length, values);
        for (uint256 i; i < PARAMETERS; ++i) {
            if (!_isWindow(i)) continue;
            (uint64 min, uint64 max) = fast.bounds(Parameter(i));
            (uint64 minOfADay, uint64 maxOfADay) = protocol.bounds(Parameter(i));
            vm.assertEq(min, minOfADay * length / 1 days, "the least");
            vm.assertEq(max, maxOfADay * length / 1 days, "the most");
        }
        vm.assertLe(fast.thaw(), 9 * length, "nine epochs");
    }

    function _isWindow(uint256 i) private pure returns (bool) {
        return i <= uint256(Parameter.ThawBuffer) || i == uint256(Parameter.OriginTime);
    }

    /// Bounty, bonds and the thaw stay within safe limits for all allowed parameter values.
    function test_behavior_bounds_P20_P22_P30() public view {
        uint64 thaw = 1 days;
        for (uint256 i = uint256(Parameter.ReportGrace); i <= uint256(Parameter.ThawBuffer); ++i) {
            (, uint64 longest) = protocol.bounds(Parameter(i));
            thaw += longest;
        }
        vm.assertLe(thaw, 90 days, "the longest thaw");
        (, uint64 bounty) = protocol.bounds(Parameter.BountyBps);
        vm.assertLe(bounty, 5000, "at most half to the reporter: the rest is burned");
        (uint64 leastBond,) = protocol.bounds(Parameter.CaseBond);
        vm.assertLe(10e6, leastBond, "minimum case bond");
        (uint64 leastStake,) = protocol.bounds(Parameter.ProverStake);
        (, uint64 worstPenalty) = protocol.bounds(Parameter.ProverPenalty);
        vm.assertLe(worstPenalty, leastStake, "the stake covers the penalty");
        (, uint64 longestTail) = protocol.bounds(Parameter.LeakTail);
        vm.assertLe(longestTail, type(uint32).max, "the tail fits into a copy");
        uint64 cuts;
        for (uint256 i = uint256(Parameter.ProtocolCutBps); i <= uint256(Parameter.MinterCutBps); ++i) {
            (, uint64 cut) = protocol.bounds(Parameter(i));
            cuts += cut;
        }
        vm.assertLe(cuts, 2000, "at most a fifth is cut");
    }
}
