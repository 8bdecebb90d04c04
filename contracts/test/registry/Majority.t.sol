// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { IModelShares } from "../../src/interfaces/IModelShares.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract MajorityTest is BaseTest {
    uint256 private constant HALF = 500_000e18;

    ModelId private id;
    ModelShares private shares;
    address private governor;

    function setUp() public override {
        super.setUp();
        id = _root();
        shares = _shares(id);
        governor = factory.governorOf(id);
    }

    function test_error_MajorityMissing() public {
        _give(CREATOR, HOLDER, HALF);
        _expectNoMajority(HOLDER, HALF);
        _expectNoMajority(CREATOR, HALF);
    }

    /// The creator, who receives all shares, decides from the first second.
    function test_default_creator() public view {
        vm.assertEq(registry.controllerOf(id), CREATOR, "the creator");
        vm.assertEq(shares.majority().holder, CREATOR, "as announced");
    }

    /// At exactly half nobody holds a majority.
    function test_default_governor(uint256 sold) public {
        sold = _bound(sold, 0, 1_000_000e18);
        _give(CREATOR, HOLDER, sold);
        vm.assertEq(registry.controllerOf(id), sold < HALF ? CREATOR : governor, "half is no majority");
    }

    function test_default_announced() public {
        _give(CREATOR, HOLDER, HALF + 1);
        vm.assertEq(registry.controllerOf(id), governor, "until a day has passed");
        vm.warp(block.timestamp + 3 days);
        vm.assertEq(registry.controllerOf(id), governor, "and has been announced");
        _announce(HOLDER);
        vm.warp(block.timestamp + 1 days - 1);
        vm.assertEq(registry.controllerOf(id), governor, "a second too early");
        _announce(HOLDER);
        vm.warp(block.timestamp + 1);
        vm.assertEq(registry.controllerOf(id), HOLDER, "announcing again changes nothing");
    }

    /// Attack: yesterday's majority acts after selling.
    function test_paper_01_aSellerDecidesNothing() public {
        _give(CREATOR, HOLDER, HALF);
        bytes memory refused = abi.encodeWithSelector(IModelRegistry.NotController.selector, CREATOR, governor);
        vm.expectRevert(refused);
        vm.prank(CREATOR);
        registry.retire(id);
        _give(HOLDER, CREATOR, HALF);
        vm.expectRevert(refused);
        vm.prank(CREATOR);
        registry.retire(id);
        vm.assertEq(shares.majority().holder, address(0), "a break ends it, within one block too");
    }

    /// Attack: shares borrowed for one transaction, at both ends of the day.
    function test_paper_01_borrowedSharesDecideNothing() public {
        _give(CREATOR, STRANGER, HALF + 1);
        _announce(STRANGER);
        _give(STRANGER, CREATOR, HALF + 1);
        vm.warp(block.timestamp + 1 days);
        _give(CREATOR, STRANGER, HALF + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotController.selector, STRANGER, governor));
        vm.prank(STRANGER);
        registry.retire(id);
        vm.assertFalse(registry.retired(id), "the announcement ended with the first loan");
    }

    /// Votes count, whoever holds the shares: delegated ones too, until they are delegated elsewhere.
    function test_behavior_delegated() public {
        vm.prank(CREATOR);
        shares.delegate(HOLDER);
        vm.assertEq(registry.controllerOf(id), governor, "the creator gave its votes away");
        _announce(HOLDER);
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(registry.controllerOf(id), HOLDER, "who has the votes");
        vm.prank(CREATOR);
        shares.delegate(CREATOR);
        vm.assertEq(registry.controllerOf(id), governor, "taken back");
    }

    /// Dust neither delays nor ends a majority.
    function test_behavior_dust(uint8 count) public {
        _give(CREATOR, STRANGER, 1000);
        for (uint256 i; i < count; ++i) {
            vm.warp(block.timestamp + 1);
            _give(STRANGER, CREATOR, 1);
        }
        vm.assertEq(registry.controllerOf(id), CREATOR, "still the creator");
    }

    /// The token is the record of who made the model.
    function test_error_RecordNotTransferable() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RecordNotTransferable.selector, id));
        vm.prank(CREATOR);
        registry.transferFrom(CREATOR, HOLDER, 1);
        vm.assertEq(registry.ownerOf(1), CREATOR, "stays");
    }

    function _give(address from, address to, uint256 amount) private {
        vm.prank(from);
        shares.transfer(to, amount);
    }

    function _announce(address account) private {
        vm.prank(account);
        shares.announce();
    }

    function _expectNoMajority(address account, uint256 votes) private {
        vm.expectRevert(abi.encodeWithSelector(IModelShares.MajorityMissing.selector, account, votes));
        vm.prank(account);
        shares.announce();
    }
}
