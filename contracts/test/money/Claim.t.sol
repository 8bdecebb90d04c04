// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract ClaimTest is BaseTest {
    ModelId internal root;
    ModelShares internal shares;

    function setUp() public override {
        super.setUp();
        root = _root();
        shares = _shares(root);
    }

    function test_error_ModelUnknown(uint256 id) public {
        vm.assume(id != 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id));
        treasury.claim(_modelId(id), CREATOR);
    }

    /// Anyone may call, and the money goes to the holder, even to a contract that cannot claim itself.
    function test_default_P9(uint48 amount, address caller) public {
        _pay(root, amount);
        _accrue();
        uint256 earned = treasury.claimable(root, CREATOR);
        if (earned > 0) {
            vm.expectEmit(address(treasury));
            emit ITreasury.Claimed(root, CREATOR, earned);
        }
        vm.prank(caller);
        vm.assertEq(treasury.claim(root, CREATOR), earned, "paid");
        vm.assertEq(usd.balanceOf(CREATOR), earned, "to the holder");
        vm.assertEq(treasury.claimable(root, CREATOR), 0, "nothing is owed");
    }

    function test_behavior_claimingTwicePaysOnce_P1_P14() public {
        _pay(root, 100e6);
        _accrue();
        vm.assertEq(treasury.claim(root, CREATOR), 90e6, "first");
        vm.assertEq(treasury.claim(root, CREATOR), 0, "second");
        vm.assertEq(usd.balanceOf(CREATOR), 90e6, "paid once");
    }

    function test_behavior_aShareEarnsFromItsPurchase_P17(uint256 value) public {
        value = _bound(value, 0, 1_000_000e18);
        _pay(root, 100e6);
        _accrue();
        vm.prank(CREATOR);
        shares.transfer(HOLDER, value);
        vm.assertEq(treasury.claimable(root, HOLDER), 0, "nothing from what accrued before");
        vm.assertEq(treasury.claimable(root, CREATOR), 90e6, "the seller keeps earlier earnings");

        _pay(root, 100e6);
        _accrue();
        vm.assertEq(treasury.claimable(root, HOLDER), 90e6 * value / 1_000_000e18, "its part of later payments");
    }

    /// A share that is sold in the middle of an epoch earns both sides their part, to the second.
    function test_behavior_aShareEarnsWhileItIsHeld(uint32 second) public {
        second = uint32(_bound(second, 0, 1 days));
        _pay(root, 100e6);
        vm.warp((block.timestamp / 1 days + 1) * 1 days + second);
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 1_000_000e18);
        _accrue();
        uint256 first = 90e10 * uint256(second) / 1 days;
        vm.assertEq(treasury.owedParts(root, CREATOR), first * 1_000_000e18, "the seller, until the sale");
        vm.assertEq(treasury.owedParts(root, HOLDER), (90e10 - first) * 1_000_000e18, "the buyer, from the sale on");
    }

    function test_behavior_transferToOneselfEarnsNothing_P16(uint256 value, uint8 times) public {
        value = _bound(value, 0, 1_000_000e18);
        _pay(root, 100e6);
        vm.warp((block.timestamp / 1 days + 1) * 1 days);
        for (uint256 i; i < times % 8; ++i) {
            vm.warp(block.timestamp + 1 hours);
            vm.prank(CREATOR);
            shares.transfer(CREATOR, value);
        }
        _accrue();
        vm.assertEq(treasury.claimable(root, CREATOR), 90e6, "unchanged");
    }

    /// The smallest holding and the largest payment are both exact.
    function test_behavior_extremes_P18() public {
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 1);
        for (uint256 i; i < 1000; ++i) {
            _pay(root, 1e15);
            vm.warp(block.timestamp + 1 days);
        }
        _accrue();
        uint256 earned = treasury.earned(root);
        vm.assertEq(earned, 0.9e18, "900 billion USDC");
        vm.assertEq(treasury.owedParts(root, HOLDER), earned * 10_000, "one wei of a share");
        vm.assertEq(
            treasury.owedParts(root, HOLDER) + treasury.owedParts(root, CREATOR),
            earned * treasury.parts(),
            "nothing is lost"
        );
        vm.assertEq(treasury.claim(root, HOLDER), earned / 1_000_000e18, "rounded down");
    }

    /// A holder blocked by the token blocks no payments, transfers of shares or claims of others.
    function test_behavior_aBlockedHolderBlocksNobody_P8_P15() public {
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 500_000e18);
        _pay(root, 100e6);
        _accrue();
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 45e6)), "blocked");
        vm.expectRevert("blocked");
        treasury.claim(root, HOLDER);
        vm.assertEq(treasury.claim(root, CREATOR), 45e6, "the other holder is paid");
        vm.prank(HOLDER);
        shares.transfer(STRANGER, 500_000e18);
        vm.clearMockedCalls();
        vm.assertEq(treasury.claim(root, HOLDER), 45e6, "earnings stay claimable");
    }
}

contract ClaimCreditTest is BaseTest {
    function test_default(uint48 amount, address caller) public {
        ModelId root = _root();
        _pay(root, amount);
        uint256 cut = uint256(amount) * 500 / 10_000;
        if (cut > 0) {
            vm.expectEmit(address(treasury));
            emit ITreasury.CreditClaimed(MINTER, cut);
        }
        vm.prank(caller);
        vm.assertEq(treasury.claimCredit(MINTER), cut, "paid");
        vm.assertEq(usd.balanceOf(MINTER), cut, "to the minter");
        vm.assertEq(treasury.claimCredit(MINTER), 0, "paid once");
    }

    function test_behavior_theProtocolAndTheProversArePaidOnce(uint48 amount) public {
        ModelId root = _root();
        uint256 cut = uint256(amount) * 250 / 10_000;
        for (uint256 i = 1; i <= 2; ++i) {
            _pay(root, amount);
            _claimsOnce(PROTOCOL, cut);
            _claimsOnce(PROVERS, cut);
            vm.assertEq(usd.balanceOf(PROTOCOL), i * cut, "to the protocol");
            vm.assertEq(usd.balanceOf(PROVERS), i * cut, "to the provers");
        }
    }

    function _claimsOnce(address account, uint256 cut) private {
        vm.assertEq(treasury.claimCredit(account), cut, "paid");
        vm.assertEq(treasury.claimCredit(account), 0, "paid once");
        vm.assertEq(treasury.credit(account), 0, "nothing is left");
    }
}

contract SettleTest is BaseTest {
    function test_error_ModelUnknown(uint256 id) public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id));
        treasury.settle(_modelId(id), CREATOR, HOLDER);
    }

    function test_error_NotShares(address caller) public {
        ModelId root = _root();
        ModelId other = _root();
        vm.assume(caller != registry.shares(root));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotShares.selector, caller, registry.shares(root)));
        vm.prank(caller);
        treasury.settle(root, CREATOR, HOLDER);

        address otherShares = registry.shares(other);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.NotShares.selector, otherShares, registry.shares(root)));
        vm.prank(otherShares);
        treasury.settle(root, CREATOR, HOLDER);
    }
}

contract MulticallTest is BaseTest {
    /// One transaction claims everything, even if somebody claims a part just before.
    function test_default_P14(bool frontRun) public {
        ModelId root = _root();
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        _pay(child, 100e6);
        _accrue();
        if (frontRun) treasury.claim(root, CREATOR);

        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(treasury.claim, (root, CREATOR));
        calls[1] = abi.encodeCall(treasury.claim, (child, CREATOR));
        calls[2] = abi.encodeCall(treasury.claimCredit, (CREATOR));
        vm.prank(CREATOR);
        treasury.multicall(calls);
        vm.assertEq(usd.balanceOf(CREATOR), 9e6, "10 % of the rest");
    }
}
